import { setTimeout as delay } from 'node:timers/promises';
import { answer, permissionDenied, syntaxError } from './answer.ts';
import type { CallRecord } from './call-log.ts';
import type { Command } from './command.ts';
import type { FaultOrder, FaultQueue } from './faults.ts';
import { error } from './replies/cluster.ts';
import type { Srx } from './srx.ts';
import { type Element, element, type Layout, write } from './xml.ts';

/** Where a reply goes. */
export interface Outlet {
  /** Resolves when more may come. */
  send(text: string): Promise<void>;
  /** Ends the channel in the middle of things. */
  cut(): void;
  /** Ends the whole connection. */
  drop(): void;
}

/** What a command came with. */
export interface Call {
  readonly srx: Srx;
  readonly faults: FaultQueue;
  readonly record: CallRecord;
  readonly command: Command | undefined;
  readonly layout: Layout;
  /** Start and end of the reply's root element. */
  readonly envelope: readonly [open: string, close: string];
  readonly mayClear: boolean;
}

const NOISE =
  '\nMessage from syslogd@srx at Nov 23 21:03:53  ...\nsrx cscript: top-ah-clear-sa[22240]: starting <flow session> table scan.\n\n';
const PIECE = 64 * 1024;

/** Answers a command with whatever fault was ordered for it. True when the whole reply was sent. */
export async function reply(call: Call, outlet: Outlet): Promise<boolean> {
  const { record, command, layout } = call;
  const fault = call.faults.meet(command?.words ?? record.sent);
  if (fault) record.fault = fault.kind;
  if (fault?.kind === 'slow') await delay(fault.ms);
  if (fault?.kind === 'hang') return false;
  const replaced = instead(fault, command);
  const found = replaced ?? (command ? answer(call.srx, command, layout, call.mayClear) : undefined);
  record.applied = found?.applied ?? false;
  if (fault?.kind === 'lost-answer') {
    outlet.drop();
    return false;
  }
  const pieces =
    found?.text === undefined
      ? document(call.envelope, found?.elements ?? [syntaxError(record.sent)], layout, fault)
      : found.text;
  return stream(pieces, fault, outlet);
}

function instead(
  fault: FaultOrder | undefined,
  command: Command | undefined,
): { elements: readonly Element[]; text?: never; applied: false } | undefined {
  const name = command?.name ?? 'unknown';
  switch (fault?.kind) {
    case 'syntax-error':
      return { elements: [syntaxError(name)], applied: false };
    case 'permission-denied':
      return { elements: [permissionDenied(name)], applied: false };
    case 'node-unreachable':
      return { elements: [error('node unreachable', 'mgd')], applied: false };
    case 'empty':
      return { elements: [], applied: false };
    default:
      return undefined;
  }
}

function* document(
  [open, close]: Call['envelope'],
  elements: readonly Element[],
  layout: Layout,
  fault: FaultOrder | undefined,
): Generator<string> {
  yield open;
  for (const item of elements) {
    const inside = fault?.kind === 'error-inside' ? withErrorInside(item) : item;
    yield* write(inside, layout, 1);
  }
  yield close;
}

function withErrorInside(item: Element): Element {
  if (typeof item.content === 'string') return item;
  const { content } = item;
  function* spoiled() {
    let passed = 0;
    for (const child of content) {
      yield child;
      passed += 1;
      if (passed === 2) yield error('device asdf not found', 'ifinfo');
    }
    if (passed < 2) yield error('device asdf not found', 'ifinfo');
  }
  return element(item.name, spoiled(), item.attributes);
}

async function stream(pieces: Iterable<string>, fault: FaultOrder | undefined, outlet: Outlet): Promise<boolean> {
  if (fault?.kind === 'noise') await outlet.send(NOISE);
  let held = '';
  let skipped = fault?.kind !== 'short';
  for (const piece of pieces) {
    if (!skipped && /<flow-session |^Session ID/.test(piece)) {
      skipped = true;
      continue;
    }
    held += piece;
    if (held.length < PIECE) continue;
    if (fault?.kind === 'cut' || fault?.kind === 'drop') break;
    await outlet.send(held);
    held = '';
  }
  if (fault?.kind !== 'cut' && fault?.kind !== 'drop') {
    await outlet.send(held);
    return true;
  }
  await outlet.send(held.slice(0, Math.floor(held.length / 2)));
  if (fault.kind === 'cut') outlet.cut();
  else outlet.drop();
  return false;
}
