import { ReplySurprise } from './fault.ts';
import { child, countOf, type Element, textOf } from './tree.ts';

/** Sessions of one node, or of one SPU of it. */
export interface FlowUsage {
  /** As `node0`; undefined on a standalone device. */
  readonly node: string | undefined;
  /** As `fpc0 pic1`'s numbers, where the device has several SPUs. */
  readonly spu: { readonly fpc: string; readonly pic: string } | undefined;
  /** Valid sessions. `active-sessions` counts invalidated ones too, which are about to be freed. */
  readonly sessions: number | undefined;
  readonly limit: number | undefined;
}

interface Place {
  readonly node: string | undefined;
  readonly spu: FlowUsage['spu'];
}

/**
 * Reads `show security flow session summary`, with or without a filter, in all shapes from 15.1X49 to 24.4 (facts:
 * junos, 4.3). With a filter there is a number of sessions and no limit. Throws ReplySurprise when it holds no number.
 */
export function readFlowSummary(root: Element): readonly FlowUsage[] {
  const found = [...usages(root, { node: undefined, spu: undefined })];
  if (found.length === 0) throw new ReplySurprise('a flow summary without a number of sessions');
  return found;
}

/** Sessions of each node, summed over its SPUs; a node with a number missing is left out. */
export function sessionsByNode(usages: readonly FlowUsage[]): ReadonlyMap<string | undefined, number> {
  return sumByNode(usages, usage => usage.sessions);
}

export function limitsByNode(usages: readonly FlowUsage[]): ReadonlyMap<string | undefined, number> {
  return sumByNode(usages, usage => usage.limit);
}

function* usages(element: Element, place: Place): Generator<FlowUsage> {
  const inside = placeOf(element, place);
  let spu = inside.spu;
  for (const part of element.children) {
    // 15.1X49 names the SPU in one container and gives its summary in the next (shape b).
    spu = fpcAndPic(textOf(part, 'flow-fpc-pic-id')) ?? spu;
    if (child(part, 'dcp-flow-fpc-pic-id')) continue;
    yield* usages(part, { node: inside.node, spu });
  }
  const usage = usageOf(element, inside);
  if (usage) yield usage;
}

function placeOf(element: Element, outside: Place): Place {
  const node = element.name === 'multi-routing-engine-item' ? textOf(element, 're-name') : outside.node;
  const fpc = textOf(element, 'flow-fpc-id');
  const pic = textOf(element, 'flow-pic-id');
  if (fpc !== undefined && pic !== undefined) return { node, spu: { fpc, pic } };
  return { node, spu: fpcAndPic(textOf(element, 'flow-fpc-pic-id')) ?? outside.spu };
}

function usageOf(element: Element, place: Place): FlowUsage | undefined {
  switch (element.name) {
    case 'flow-session-summary-information': {
      const sessions = countOf(element, 'active-session-valid') ?? countOf(element, 'active-sessions');
      return { ...place, sessions, limit: countOf(element, 'max-sessions') };
    }
    case 'dcp-flow-session-summary-information':
      return { ...place, sessions: countOf(element, 'dcp-displayed-session-count'), limit: undefined };
    case 'flow-session-information': {
      if (!child(element, 'displayed-session-count')) return undefined;
      return { ...place, sessions: countOf(element, 'displayed-session-count'), limit: undefined };
    }
    default:
      return undefined;
  }
}

/** ` on FPC0 PIC1:` */
function fpcAndPic(text: string | undefined): FlowUsage['spu'] {
  const match = /FPC(\d+) PIC(\d+)/.exec(text ?? '');
  return match ? { fpc: match[1] as string, pic: match[2] as string } : undefined;
}

function sumByNode(
  usages: readonly FlowUsage[],
  read: (usage: FlowUsage) => number | undefined,
): ReadonlyMap<string | undefined, number> {
  const sums = new Map<string | undefined, number>();
  for (const usage of usages) {
    const value = read(usage);
    sums.set(usage.node, (sums.get(usage.node) ?? 0) + (value ?? NaN));
  }
  for (const [node, sum] of sums) if (Number.isNaN(sum)) sums.delete(node);
  return sums;
}
