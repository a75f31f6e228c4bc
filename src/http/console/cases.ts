import { h } from 'preact';
import type { Case } from '../../core/case.ts';
import { targetText } from '../../core/target.ts';
import { heading, type Html } from './html.ts';
import { casePill } from './pill.ts';
import { ago } from './time.ts';

/** The newest cases, refused ones with their reason. */
export function casesSection(cases: readonly Case[], now: number): Html {
  return h(
    'section',
    { id: 'cases' },
    h('h2', null, 'Recent cases'),
    cases.length === 0
      ? h('p', { class: 'faint' }, 'No alert has named a remedy yet.')
      : h(
          'table',
          null,
          heading('opened', 'device', 'remedy', 'target', 'result', ''),
          h('tbody', null, ...cases.map(subject => caseRow(subject, now))),
        ),
  );
}

function caseRow(subject: Case, now: number): Html {
  const { id, device, remedy, target, openedAt, reason, detail, plan } = subject;
  return h(
    'tr',
    null,
    h('td', { class: 'number' }, h('a', { href: `/cases/${id}` }, ago(openedAt, now))),
    h('td', { class: 'name' }, device),
    h('td', { class: 'name' }, remedy),
    h('td', null, target.kind === 'device' ? h('span', { class: 'faint' }, 'device') : targetText(target)),
    h('td', null, casePill(subject)),
    h(
      'td',
      { class: 'detail' },
      reason === undefined ? null : h('strong', null, reason, ' '),
      detail ?? plan?.summary ?? '',
    ),
  );
}
