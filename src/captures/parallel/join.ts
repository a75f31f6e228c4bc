import type { Decoder } from '../decoding/decoder.ts';
import type { Finding } from '../findings.ts';
import type { Tracker } from '../flows/tracker.ts';
import type { Direction } from '../flows/stage.ts';
import type { Beginning } from '../flows/journal.ts';
import type { Partial, PlacedFinding } from './partial.ts';
import type { RecordReader } from './record-reader.ts';

/**
 * Adds what a worker found in a range to what is known up to its beginning. Flows that were under way are read again,
 * packet by packet, from what is known of them; then everything is as if one reader had read on. False, and nothing is
 * changed, when that cannot be had: the range must be read in order.
 */
export function joinPartial(
  partial: Partial,
  tracker: Tracker,
  decoder: Decoder,
  records: RecordReader,
  emit: (finding: Finding) => void,
): boolean {
  const known = Array.from({ length: partial.flows }, (_, flow) => tracker.table.findLike(partial.columns, flow));
  if (!fits(partial, tracker, decoder, known)) return false;
  const redone = reread(partial, tracker, decoder, records, known);
  const kept = partial.findings.filter(placed => !(placed.open && known[placed.flow] !== -1));
  for (const { finding } of merge(kept, redone)) emit(finding);
  adopt(partial, tracker, known);
  for (const [key, datagram] of partial.datagrams) decoder.fragments.waiting.set(key, datagram);
  for (const [linkType, packets] of partial.unread) {
    decoder.unread.set(linkType, (decoder.unread.get(linkType) ?? 0) + packets);
  }
  if (partial.packets > 0) [decoder.segment.stampHigh, decoder.segment.stampLow] = partial.lastStamp;
  return true;
}

/** False where the worker may have seen something else than one reader would have. */
function fits(partial: Partial, tracker: Tracker, decoder: Decoder, known: readonly number[]): boolean {
  if (partial.unusable || !tracker.table.hasRoom(partial.flows)) return false;
  for (const key of decoder.fragments.waiting.keys()) if (partial.fragmentKeys.has(key)) return false;
  return known.every((flow, index) => {
    const beginning = partial.beginnings[index];
    if (flow === -1 || !beginning) return true;
    if (beginning.withSyn) return tracker.table.columns.opensAnew(flow, beginning.direction, beginning.sequence);
    const { restart } = beginning;
    return restart === undefined || !tracker.table.columns.hasOpenedWith(flow, restart.direction, restart.sequence);
  });
}

interface Event {
  readonly offset: number;
  readonly flow: number;
  /** A packet to read again; false: the flow ends here, because another takes its place. */
  readonly step: boolean;
  readonly direction: Direction;
}

/** Goes through the packets of flows that are known already, in order, and returns what they show. */
function reread(
  partial: Partial,
  tracker: Tracker,
  decoder: Decoder,
  records: RecordReader,
  known: readonly number[],
): PlacedFinding[] {
  const found: PlacedFinding[] = [];
  let at = 0;
  tracker.divert((finding, flow) => found.push({ at, flow, open: false, finding }));
  for (const { offset, flow, direction, step } of eventsOf(partial, tracker, known)) {
    at = offset;
    if (!step) tracker.finishFlow(flow);
    else if (!tracker.table.columns.isClosed(flow, direction)) records.read(offset, decoder);
  }
  tracker.divert(undefined);
  return found;
}

function eventsOf(partial: Partial, tracker: Tracker, known: readonly number[]): Event[] {
  const events: Event[] = [];
  const { sides, offsets } = partial.steps;
  sides.forEach((side, index) => {
    const flow = known[side >> 1] ?? -1;
    const direction = (side & 1) as Direction;
    if (flow === -1 || tracker.table.columns.isClosed(flow, direction)) return;
    events.push({ offset: offsets[index] as number, flow, direction, step: true });
  });
  known.forEach((flow, index) => {
    const offset = flow === -1 ? undefined : replacedAt(partial.beginnings[index]);
    if (offset !== undefined) events.push({ offset, flow, direction: 0, step: false });
  });
  return events.toSorted((a, b) => a.offset - b.offset);
}

function replacedAt(beginning: Beginning | undefined): number | undefined {
  return beginning?.withSyn === true ? beginning.offset : beginning?.restart?.offset;
}

/** Takes over the worker's flows, but for those that went on from before. */
function adopt(partial: Partial, tracker: Tracker, known: readonly number[]): void {
  for (let index = 0; index < partial.flows; index++) {
    const flow = known[index] ?? -1;
    const replaced = flow !== -1 && replacedAt(partial.beginnings[index]) !== undefined;
    if (flow !== -1 && !replaced) continue;
    if (!partial.columns.hasBegun(index)) continue;
    const to = flow === -1 ? tracker.table.adopt(partial.columns, index) : flow;
    if (replaced) tracker.table.columns.copy(to, partial.columns, index);
    tracker.countKept(to);
  }
}

function merge(kept: readonly PlacedFinding[], redone: readonly PlacedFinding[]): PlacedFinding[] {
  return [...kept, ...redone].toSorted((a, b) => a.at - b.at);
}
