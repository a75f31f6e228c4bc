import { h } from 'preact';
import type { ActionProgress, Case } from '../../core/case.ts';
import { eventWords } from '../../core/event-words.ts';
import { targetText } from '../../core/target.ts';
import type { CaseHistory } from '../../remediate/contract.ts';
import { approval } from './approvals.ts';
import { heading, type Html } from './html.ts';
import { casePill, pill } from './pill.ts';
import { measurements, planView } from './plan-view.ts';
import { ago, clockText, left } from './time.ts';

/** One case: what started it, what was planned and done, how it was judged, and the ledger's own entries. */
export function casePage({ case: subject, entries }: CaseHistory, now: number): Html {
  const { device, remedy, target, state, plan } = subject;
  return h(
    'div',
    { class: 'case' },
    h('h1', null, `${remedy} on ${device}`, target.kind === 'device' ? null : ` for ${targetText(target)}`),
    facts(subject, now),
    state === 'awaiting-approval'
      ? approval(subject, now)
      : plan
        ? h('section', null, h('h2', null, 'Plan'), planView(plan))
        : null,
    subject.progress.length > 0 ? progressSection(subject.progress) : null,
    subject.verdict ? verdictSection(subject.verdict) : null,
    ledgerSection(entries),
  );
}

function facts(subject: Case, now: number): Html {
  const { id, alert, openedAt, reason, detail, dueAt, state, approvedBy } = subject;
  const runbook = alert.annotations['runbook_url'] ?? '';
  const rows: [string, unknown][] = [
    ['result', [casePill(subject), reason === undefined ? '' : ` ${reason}`]],
    ['detail', detail],
    ['opened', [clockText(openedAt), ', ', ago(openedAt, now)]],
    ['alert', `${alert.labels['alertname'] ?? ''}, began ${clockText(alert.startsAt)}`],
    ['summary', alert.annotations['summary']],
    ['runbook', isWebLink(runbook) ? h('a', { href: runbook, rel: 'noreferrer' }, runbook) : undefined],
    ['approved by', approvedBy],
    ['ends in', state === 'holding' && dueAt !== undefined ? left(dueAt, now) : undefined],
    ['case', h('code', null, id)],
  ];
  return h(
    'dl',
    null,
    ...rows
      .filter(([, value]) => value !== undefined && value !== '')
      .flatMap(([name, value]) => [h('dt', null, name), h('dd', null, value as Html)]),
  );
}

function progressSection(progress: readonly ActionProgress[]): Html {
  const tones = { waiting: 'quiet', calling: 'busy', called: 'good', 'not-done': 'warn', unclear: 'bad' } as const;
  return h(
    'section',
    null,
    h('h2', null, 'Done'),
    h(
      'table',
      null,
      heading('action', 'state', 'the device answered'),
      h(
        'tbody',
        null,
        ...progress.map(({ action, state, receipt }) =>
          h(
            'tr',
            null,
            h('td', null, action.subject),
            h('td', null, pill(tones[state], state)),
            h('td', null, receipt ? h('code', { class: 'call' }, receipt.reply) : null),
          ),
        ),
      ),
    ),
  );
}

function verdictSection(verdict: NonNullable<Case['verdict']>): Html {
  return h(
    'section',
    null,
    h('h2', null, 'Verdict'),
    h('p', null, `${verdict.proven ? 'Proven on the device' : 'Not proven on the device'}: ${verdict.detail}`),
    h('p', { class: 'faint' }, `before: ${measurements(verdict.before)} · after: ${measurements(verdict.after)}`),
  );
}

function ledgerSection(entries: CaseHistory['entries']): Html {
  return h(
    'section',
    { id: 'ledger' },
    h('h2', null, 'Ledger'),
    h(
      'table',
      null,
      heading('no.', 'time', 'event', '', 'hash'),
      h(
        'tbody',
        null,
        ...entries.map(({ seq, at, event, hash }) =>
          h(
            'tr',
            null,
            h('td', { class: 'number' }, String(seq)),
            h('td', { class: 'number' }, clockText(at)),
            h('td', null, event.type),
            h('td', { class: 'detail' }, eventWords(event)),
            h('td', null, h('code', { title: hash }, hash.slice(0, 10))),
          ),
        ),
      ),
    ),
  );
}

function isWebLink(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
