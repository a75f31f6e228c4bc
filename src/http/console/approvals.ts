import { h } from 'preact';
import { targetText } from '../../core/target.ts';
import type { Case } from '../../core/case.ts';
import type { Html } from './html.ts';
import { planView } from './plan-view.ts';
import { ago, left } from './time.ts';

/** Plans that wait for a person, each with its approval bound to exactly what is shown. */
export function approvalsSection(waiting: readonly Case[], now: number): Html {
  if (waiting.length === 0) return null;
  return h(
    'section',
    { id: 'approvals' },
    h('h2', null, 'Waiting for approval ', h('span', { class: 'count' }, String(waiting.length))),
    ...waiting.map(subject => approval(subject, now)),
  );
}

export function approval(subject: Case, now: number): Html {
  const { id, device, remedy, target, plan, planHash, wakeAt, alert } = subject;
  return h(
    'article',
    { class: 'approval' },
    h(
      'h3',
      null,
      h('a', { href: `/cases/${id}` }, `${remedy} on ${device}`),
      target.kind === 'device' ? null : ` for ${targetText(target)}`,
    ),
    h(
      'p',
      { class: 'faint' },
      `${alert.labels['alertname'] ?? 'alert'} began `,
      ago(alert.startsAt, now),
      wakeAt === undefined ? null : [', refused by itself in ', left(wakeAt, now)],
    ),
    plan ? planView(plan) : null,
    plan && planHash !== undefined
      ? h(
          'div',
          { class: 'buttons' },
          h(
            'form',
            { method: 'post', action: `/cases/${id}/approve` },
            h('input', { type: 'hidden', name: 'planHash', value: planHash }),
            h('button', { class: 'primary' }, `Approve plan ${planHash}`),
          ),
          h('form', { method: 'post', action: `/cases/${id}/reject` }, h('button', null, 'Reject')),
        )
      : null,
  );
}
