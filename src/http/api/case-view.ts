import type { Action, Plan, Receipt } from '../../core/action.ts';
import type { Case, CaseEvent } from '../../core/case.ts';
import { caseOutcome } from './outcome.ts';
import type { CaseHistory } from '../../remediate/contract.ts';

/**
 * Cases as the API shows them: everything but `data`, which is a driver's own note to itself. What a reader needs is in
 * the words beside it.
 */
export function caseView(subject: Case) {
  const { plan, progress, ...rest } = subject;
  return {
    ...rest,
    ...caseOutcome(subject),
    ...(plan && { plan: planView(plan) }),
    progress: progress.map(({ action, state, receipt }) => ({
      action: actionView(action),
      state,
      ...(receipt && { receipt: receiptView(receipt) }),
    })),
  };
}

export function historyView({ case: subject, entries }: CaseHistory) {
  return { case: caseView(subject), entries: entries.map(entryView) };
}

export function planView(plan: Plan) {
  return { ...plan, actions: plan.actions.map(actionView) };
}

/** An event as the API shows it. */
export function eventView(event: CaseEvent) {
  switch (event.type) {
    case 'planned':
    case 'awaiting-approval':
    case 'intended':
      return { ...event, plan: planView(event.plan) };
    case 'called':
      return { ...event, receipt: receiptView(event.receipt) };
    case 'restored':
      return { ...event, receipts: event.receipts.map(receiptView) };
    case 'recalled': {
      const { recollection } = event;
      if (recollection.found !== 'done') return event;
      return { ...event, recollection: { ...recollection, receipt: receiptView(recollection.receipt) } };
    }
    default:
      return event;
  }
}

function entryView({ event, ...entry }: CaseHistory['entries'][number]) {
  return { ...entry, event: eventView(event) };
}

function actionView({ subject, touches, calls, evidence }: Action) {
  return { subject, touches, calls, evidence };
}

function receiptView({ calls, reply }: Receipt) {
  return { calls, reply };
}
