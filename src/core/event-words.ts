import type { CaseEvent } from './case.ts';

/** What an event says beyond its type, in words for people; an empty text when its type says it all. */
export function eventWords(event: CaseEvent): string {
  switch (event.type) {
    case 'received':
      return `alert ${event.alert.labels['alertname'] ?? ''} began ${new Date(event.alert.startsAt).toISOString()}`;
    case 'refused':
    case 'failed':
      return `${event.reason}: ${event.detail}`;
    case 'call-failed':
      return `action ${event.index}: ${event.reason}: ${event.detail}`;
    case 'not-needed':
    case 'restored':
    case 'retry':
      return event.detail;
    case 'planned':
    case 'intended':
      return event.plan.summary;
    case 'awaiting-approval':
      return `${event.plan.summary}; plan ${event.planHash}, until ${new Date(event.expiresAt).toISOString()}`;
    case 'approved':
      return `by ${event.by}, plan ${event.planHash}`;
    case 'calling':
      return `action ${event.index}`;
    case 'called':
      return `action ${event.index}: ${event.receipt.reply}`;
    case 'recalled':
      return `action ${event.index}: ${event.recollection.found}`;
    case 'applied':
      return '';
    case 'verified':
    case 'unverified':
      return `${event.verdict.effect}: ${event.verdict.detail}`;
    case 'released':
      return event.verdict.detail;
    case 'holding':
      return `until ${new Date(event.dueAt).toISOString()}`;
    case 'releasing':
      return `${event.cause}, by ${event.by}`;
  }
}
