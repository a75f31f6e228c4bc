import type { LedgerEntry } from '../app/ledger.ts';
import type { Plan } from '../core/action.ts';
import { type Case, outcomeOf } from '../core/case.ts';
import { eventWords } from '../core/event-words.ts';
import { targetText } from '../core/target.ts';

/** One row of `unclog cases list`. */
export function caseRow(subject: Case): readonly string[] {
  const opened = new Date(subject.openedAt).toISOString();
  const target = targetText(subject.target) || '-';
  const outcome = subject.endedAt === undefined ? '-' : outcomeOf(subject);
  return [subject.id, opened, subject.device, subject.remedy, target, subject.state, outcome, subject.reason ?? '-'];
}

export const caseHeading = ['ID', 'OPENED', 'DEVICE', 'REMEDY', 'TARGET', 'STATE', 'OUTCOME', 'REASON'] as const;

/** A plan for a person: what would be done, why, and what was left alone. */
export function planLines(plan: Plan): readonly string[] {
  return [
    plan.summary,
    ...plan.before.map(({ name, value, unit }) => `  read: ${name} ${value} ${unit}`),
    ...plan.actions.flatMap(action => [
      `  ${action.subject}`,
      ...action.evidence.map(reason => `    because ${reason}`),
      ...action.calls.map(call => `    > ${call}`),
    ]),
    ...plan.passedOver.map(({ subject, reason }) => `  left alone: ${subject}: ${reason}`),
  ];
}

/** A ledger entry for a person: when, what, and the words that came with it. */
export function entryLine(entry: LedgerEntry): string {
  const { event } = entry;
  const at = new Date(entry.at).toISOString();
  return `${String(entry.seq).padStart(6)}  ${at}  ${event.type.padEnd(17)}  ${eventWords(event)}`.trimEnd();
}
