import type { Decoder } from '../decoding/decoder.ts';
import type { Finding } from '../findings.ts';
import type { Tracker } from '../flows/tracker.ts';
import type { Direction } from '../flows/stage.ts';
import { OPENS_OR_ENDS } from '../flows/steps.ts';
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
  for (const [key, datagram] of partial.datagrams) decoder.fragments.adopt(key, datagram);
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
    if (restart === undefined) return true;
    if (restart.withAck || beginning.answered) return false; // whether that was a new connection depends on what came before
    return !tracker.table.columns.hasOpenedWith(flow, restart.direction, restart.sequence);
  });
}

/**
 * Goes through the packets of flows that are known already, in order, and returns what they show. Whether a packet still
 * matters is known only when its turn comes: one direction can open the other again.
 */
function reread(
  partial: Partial,
  tracker: Tracker,
  decoder: Decoder,
  records: RecordReader,
  known: readonly number[],
): PlacedFinding[] {
  const found: PlacedFinding[] = [];
  const ends = endsOf(partial, known);
  let at = 0;
  let nextEnd = 0;
  const endFlowsBefore = (offset: number): void => {
    for (let end = ends[nextEnd]; end && end.offset < offset; end = ends[++nextEnd]) {
      at = end.offset;
      tracker.finishFlow(end.flow);
    }
  };
  tracker.divert((finding, flow) => found.push({ at, flow, open: false, finding }));
  const { sides, offsets } = partial.steps;
  for (let step = 0; step < sides.length; step++) {
    const opensOrEnds = ((sides[step] as number) & OPENS_OR_ENDS) !== 0;
    const side = (sides[step] as number) & ~OPENS_OR_ENDS;
    const offset = offsets[step] as number;
    const flow = known[side >> 1] ?? -1;
    if (flow === -1 || (!opensOrEnds && tracker.table.columns.isClosed(flow, (side & 1) as Direction))) continue;
    endFlowsBefore(offset);
    at = offset;
    records.read(offset, decoder);
  }
  endFlowsBefore(Infinity);
  tracker.divert(undefined);
  return found;
}

/** Where known flows end because another takes their place, in order. */
function endsOf(partial: Partial, known: readonly number[]): { readonly offset: number; readonly flow: number }[] {
  const ends = known.flatMap((flow, index) => {
    const offset = flow === -1 ? undefined : replacedAt(partial.beginnings[index]);
    return offset === undefined ? [] : [{ offset, flow }];
  });
  return ends.toSorted((a, b) => a.offset - b.offset);
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
