import type { Measurement } from '../../core/action.ts';
import type { Happening } from '../../core/bus.ts';
import type { Case, CaseEvent } from '../../core/case.ts';
import { targetText } from '../../core/target.ts';

/** One line of the story: what kind of thing happened, and what. */
export interface Chapter {
  readonly kind: string;
  readonly text: string;
}

/** Tells a happening in words, or in none when it moves nothing forward for a reader. */
export function chaptersOf(happening: Happening): readonly Chapter[] {
  if (happening.kind === 'reload') return [{ kind: 'reload', text: happening.detail }];
  if (happening.kind === 'alert') {
    const { alert, fate } = happening;
    const name = alert.labels['alertname'] ?? 'alert';
    if (fate === 'opened') return [{ kind: 'alert', text: `${name} fires for ${alert.labels['device'] ?? '?'}` }];
    return fate === 'resolved' ? [{ kind: 'resolved', text: `${name} for ${alert.labels['device'] ?? '?'}` }] : [];
  }
  if (happening.kind === 'strays') return [];
  return ofCase(happening.case, happening.event);
}

function ofCase(subject: Case, event: CaseEvent): readonly Chapter[] {
  switch (event.type) {
    case 'received':
      return [
        {
          kind: 'case',
          text: `${short(subject)} ${subject.remedy} on ${subject.device} ${targetText(subject.target)}`,
        },
      ];
    case 'intended':
      return [
        { kind: 'plan', text: `${short(subject)} ${event.plan.summary}` },
        ...event.plan.actions.map(action => ({
          kind: 'because',
          text: `${action.subject}: ${action.evidence.join('; ')}`,
        })),
        ...event.plan.passedOver.map(entry => ({ kind: 'left alone', text: `${entry.subject}: ${entry.reason}` })),
      ];
    case 'calling':
      return (subject.progress[event.index]?.action.calls ?? []).map(call => ({
        kind: 'call',
        text: `${short(subject)} ${call}`,
      }));
    case 'verified':
    case 'unverified': {
      const { effect, before, after, detail } = event.verdict;
      const judged = event.type === 'verified' ? effect : 'not proven';
      return [{ kind: 'verdict', text: `${short(subject)} ${judged}: ${compare(before, after) || detail}` }];
    }
    case 'holding':
      return [{ kind: 'holding', text: `${short(subject)} until ${new Date(event.dueAt).toISOString()}` }];
    case 'releasing':
      return [{ kind: 'release', text: `${short(subject)} ${event.cause}` }];
    case 'released':
      return [{ kind: 'released', text: `${short(subject)} ${event.verdict.detail}` }];
    case 'refused':
    case 'failed':
      return [{ kind: event.type, text: `${short(subject)} ${event.reason}: ${event.detail}` }];
    case 'not-needed':
      return [{ kind: 'not needed', text: `${short(subject)} ${event.detail}` }];
    case 'planned':
    case 'awaiting-approval':
      return [
        { kind: event.type === 'planned' ? 'dry run' : 'waiting', text: `${short(subject)} ${event.plan.summary}` },
      ];
    case 'retry':
      return [{ kind: 'retry', text: `${short(subject)} ${event.detail}` }];
    case 'approved':
    case 'called':
    case 'call-failed':
    case 'recalled':
    case 'applied':
    case 'restored':
      return [];
  }
}

function compare(before: readonly Measurement[], after: readonly Measurement[]): string {
  return before
    .flatMap(was => {
      const now = after.find(candidate => candidate.name === was.name);
      return now && now.value !== was.value ? [`${was.name} ${was.value} ${was.unit} → ${now.value} ${now.unit}`] : [];
    })
    .join(', ');
}

function short(subject: Case): string {
  return subject.id.slice(0, 8);
}
