import type { NotNeeded } from '../../../core/action.ts';
import { Refusal } from '../../../core/errors.ts';
import type { LogView } from '../sel/event-log.ts';
import type { FreshError } from '../sel/tally.ts';

/**
 * The PCI errors that came after first sight, which alone may be acted on. Without any there is nothing to do; when the
 * log does hold errors, they are backlog, and the alert is refused and not called needless.
 */
export function freshErrors(device: string, { tally }: LogView): readonly FreshError[] | NotNeeded | Refusal {
  if (tally.fresh.length > 0) return tally.fresh;
  const old = [...tally.pci.values()].reduce((sum, count) => sum + count, 0);
  const since = new Date(tally.firstSightAt).toISOString();
  if (old === 0) {
    return { kind: 'not-needed', detail: `the event log of ${device} shows no PCI error since ${since}`, before: [] };
  }
  const detail = `all ${old} PCI errors of ${device} were in its event log at first sight, ${since}; nothing acts on those`;
  return new Refusal('backlog', detail);
}
