import { h } from 'preact';
import type { Action, Measurement, Plan } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import { heading, type Html } from './html.ts';

/** A plan as an engineer needs it to say yes or no: what, why, the exact calls, and what was left alone. */
export function planView(plan: Plan): Html {
  return h(
    'div',
    { class: 'plan' },
    h(
      'p',
      { class: 'summary' },
      plan.summary,
      plan.kind === 'block' ? ` (held for ${formatDuration(plan.holdMs)})` : '',
    ),
    plan.before.length > 0 ? h('p', null, 'Read: ', measurements(plan.before)) : null,
    h('table', null, heading('action', 'because', 'exact calls'), h('tbody', null, ...plan.actions.map(actionRow))),
    plan.passedOver.length > 0
      ? h(
          'details',
          null,
          h('summary', null, `${plan.passedOver.length} left alone`),
          h('ul', null, ...plan.passedOver.map(({ subject, reason }) => h('li', null, `${subject}: ${reason}`))),
        )
      : null,
  );
}

export function measurements(values: readonly Measurement[]): string {
  return values.map(({ name, value, unit }) => `${name} ${value.toLocaleString('en')} ${unit}`).join(', ');
}

function actionRow({ subject, evidence, calls }: Action): Html {
  return h(
    'tr',
    null,
    h('td', null, subject),
    h('td', null, list(evidence)),
    h('td', null, ...calls.map(call => h('code', { class: 'call' }, call))),
  );
}

function list(texts: readonly string[]): Html {
  return h('ul', null, ...texts.map(text => h('li', null, text)));
}
