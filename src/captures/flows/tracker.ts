import { ACK, FIN, isBare, RST, SYN, type Segment, type SegmentSink } from '../decoding/segment.ts';
import { instant, type Instant } from '../reading/timestamps.ts';
import type { Finding } from '../findings.ts';
import { IdleRequests } from '../forwarding/idle-requests.ts';
import { Book, type Wanted } from './book.ts';
import { holdsNothing, type Conversation, type Piece } from './conversation.ts';
import { Dissector } from './dissector.ts';
import type { Journal } from './journal.ts';
import { Glance } from './glance.ts';
import { Flag, Stage, type Direction } from './stage.ts';
import type { Stream } from './stream.ts';
import { FlowTable } from './table.ts';
import { WaitingBytes } from './waiting-bytes.ts';

/** Takes findings, each with the number of its flow. */
export type OnFlowFinding = (finding: Finding, flow: number) => void;

export interface TrackerOptions {
  /** The file that a (global) offset lies in. */
  readonly fileAt: (offset: number) => string;
  readonly onFinding: OnFlowFinding;
  /** Kept when the reader began in the middle of a file. */
  readonly journal?: Journal;
}

/** Segments, and bytes in them, that wait for an earlier one of their direction; beyond, that one counts as lost. */
const MOST_PIECES = 32;
const MOST_PIECE_BYTES = 128 * 1024;
/** A jump back by more than this is no retransmission: the numbers belong to another connection. */
const FARTHEST_BACK = -(16 * 1024 * 1024);

/** Turns segments into streams in order, connection by connection. */
export class Tracker implements SegmentSink {
  readonly table = new FlowTable();
  readonly quick: Glance;
  readonly book: Book;
  evicted = 0;
  readonly waiting = new WaitingBytes();
  readonly #dissector: Dissector;
  readonly #options: TrackerOptions;
  #onFinding: OnFlowFinding;
  #segment: Segment | undefined;
  readonly #now = (): Instant => this.#time(this.#segment as Segment);

  constructor(wanted: Wanted, options: TrackerOptions) {
    this.#onFinding = options.onFinding;
    this.book = new Book(wanted, this.table, options.fileAt, (finding, flow) => this.#onFinding(finding, flow));
    this.#dissector = new Dissector(this.table, this.book, this.waiting);
    this.#options = options;
    this.quick = new Glance(this.table, options.journal, new IdleRequests(wanted.forwarded));
  }

  segment(segment: Segment): void {
    const { flags, length } = segment;
    if (isBare(flags, length)) return;
    const { table } = this;
    const { journal } = this.#options;
    const begins = length > 0 || (flags & SYN) !== 0;
    let flow = table.find(segment);
    if (flow === -1) {
      // Whoever began in the middle of the file must note the end of a connection that may be known to the one before.
      if (!begins && !journal) return;
      if (!table.hasRoom(1)) this.#evict();
      flow = table.add(segment);
      this.#beginJournal(flow, segment);
    } else if (begins && journal && !table.columns.hasBegun(flow)) {
      table.columns.begin(flow, segment.offset, this.#time(segment));
      this.#beginJournal(flow, segment);
    }
    const { direction } = table;
    if ((flags & SYN) !== 0) this.#synchronise(flow, direction, segment);
    journal?.note(flow, direction, segment);
    if (length > 0) this.#payload(flow, direction, segment);
    if ((flags & (FIN | RST)) !== 0) this.#end(flow, direction, segment);
  }

  /** Ends all connections: what is incomplete counts as far as it goes. */
  finish(): void {
    const { columns, size } = this.table;
    const flows = Array.from({ length: size }, (_, flow) => flow).filter(flow => columns.conversations[flow]);
    flows.sort((a, b) => (columns.offset[a] as number) - (columns.offset[b] as number));
    for (const flow of flows) this.finishFlow(flow);
    this.table.keep([]);
  }

  /** Ends one connection, and says what was held back until its end. */
  finishFlow(flow: number): void {
    const conversation = this.table.columns.conversations[flow];
    if (!conversation) return;
    for (const direction of [0, 1] as const) {
      while (conversation.parts[direction]?.pieces.length) this.#giveUpGap(flow, direction);
      this.#turnTo(flow, direction);
      this.#dissector.skip(0);
    }
    this.book.finish(flow, conversation);
    this.table.columns.conversations[flow] = undefined;
  }

  /** Sends findings elsewhere for a while; undefined: back to where they went. */
  divert(onFinding: OnFlowFinding | undefined): void {
    this.#onFinding = onFinding ?? this.#options.onFinding;
  }

  /** Counts what is kept for a flow that was taken over from another tracker. */
  countKept(flow: number): void {
    const conversation = this.table.columns.conversations[flow];
    if (!conversation) return;
    this.book.countCarried(conversation);
    for (const part of conversation.parts) {
      const pieces = part?.pieces.reduce((sum, piece) => sum + piece.bytes.length, 0) ?? 0;
      this.waiting.add((part?.rest?.length ?? 0) + pieces);
    }
  }

  #beginJournal(flow: number, segment: Segment): void {
    const { journal } = this.#options;
    if (!journal) return;
    const { columns, direction } = this.table;
    journal.begin(flow, direction, segment);
    if (journal.isOpen(flow)) columns.setFlags(flow, columns.flags(flow) | Flag.Underway);
  }

  #synchronise(flow: number, direction: Direction, segment: Segment): void {
    const { columns } = this.table;
    if (columns.hasOpenedWith(flow, direction, segment.sequence)) return;
    // A server that answers a repeated SYN may choose another number; once it has sent data it cannot.
    const isNew =
      (segment.flags & ACK) === 0
        ? columns.opensAnew(flow, direction, segment.sequence)
        : columns.seen(flow, direction) > 0;
    if (isNew) {
      this.finishFlow(flow);
      this.#options.journal?.restart(flow, direction, segment);
      columns.begin(flow, segment.offset, this.#time(segment));
    }
    columns.used[flow] = segment.offset;
    columns.initial[flow * 2 + direction] = segment.sequence;
    columns.setNext(flow, direction, (segment.sequence + 1) | 0);
    columns.setFlags(flow, columns.flags(flow) | (Flag.SynSeen << direction) | (Flag.NextKnown << direction));
  }

  #payload(flow: number, direction: Direction, segment: Segment): void {
    const { columns } = this.table;
    const flags = columns.flags(flow) | Flag.Data;
    columns.setFlags(flow, flags);
    if (columns.stage(flow, direction) === Stage.Closed) return;
    columns.used[flow] = segment.offset;
    const sequence = (segment.flags & SYN) !== 0 ? (segment.sequence + 1) | 0 : segment.sequence;
    const nextKnown = Flag.NextKnown << direction;
    if ((flags & nextKnown) === 0) {
      columns.setFlags(flow, flags | nextKnown);
      columns.setNext(flow, direction, sequence);
    }
    this.#segment = segment;
    const gap = (sequence - columns.next(flow, direction)) | 0;
    if (gap > 0) this.#hold(flow, direction, sequence, segment);
    else this.#accept(flow, direction, gap, segment.bytes, segment.start, segment.end, segment.length, this.#now);
  }

  /** A direction ends. A FIN counts where nothing is missing before it, a RST always. */
  #end(flow: number, direction: Direction, segment: Segment): void {
    const { columns } = this.table;
    const conversation = columns.conversations[flow];
    if (!conversation?.handshake) return;
    const reset = (segment.flags & RST) !== 0;
    const nextKnown = (columns.flags(flow) & (Flag.NextKnown << direction)) !== 0;
    const end = (segment.sequence + segment.length) | 0;
    if (!reset && nextKnown && end !== columns.next(flow, direction)) return;
    this.#turnTo(flow, direction);
    this.#dissector.end(reset);
    if (this.#isSpent(flow, conversation)) columns.conversations[flow] = undefined;
  }

  /** Takes payload that begins `-gap` bytes before the one that comes next. */
  #accept(
    flow: number,
    direction: Direction,
    gap: number,
    bytes: Buffer,
    start: number,
    end: number,
    length: number,
    at: () => Instant,
  ): void {
    const { columns } = this.table;
    if (gap + length <= 0 && gap > FARTHEST_BACK) return;
    const overlap = gap > FARTHEST_BACK ? -gap : 0;
    const next = columns.next(flow, direction) + (gap <= FARTHEST_BACK ? gap : 0);
    columns.setNext(flow, direction, (next + length - overlap) | 0);
    this.#turnTo(flow, direction);
    const missing = length - (end - start);
    if (start + overlap < end) this.#dissector.read(bytes, start + overlap, end, at, missing > 0);
    if (missing > 0) this.#dissector.skip(Math.min(missing, length - overlap));
    columns.setSeen(flow, direction, columns.seen(flow, direction) + length - overlap);
    this.#dissector.closeWhenBarren();
    const conversation = columns.conversations[flow];
    if (conversation?.parts[direction]?.pieces.length) this.#release(flow, direction);
    else if (conversation && this.#isSpent(flow, conversation)) columns.conversations[flow] = undefined;
  }

  /** True when nothing more is expected of a conversation: then it need not be kept until the end. */
  #isSpent(flow: number, conversation: Conversation): boolean {
    return this.table.columns.isOver(flow) && holdsNothing(conversation);
  }

  #hold(flow: number, direction: Direction, sequence: number, segment: Segment): void {
    const { pieces } = this.#turnTo(flow, direction).part;
    if (!this.waiting.add(segment.end - segment.start)) {
      this.#jump(flow, direction, sequence, segment);
      return;
    }
    const bytes = Buffer.from(segment.bytes.subarray(segment.start, segment.end));
    pieces.push({ sequence, bytes, length: segment.length, at: this.#now() });
    const total = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
    if (pieces.length > MOST_PIECES || total > MOST_PIECE_BYTES) this.#giveUpGap(flow, direction);
  }

  /** There is no room to wait for what is missing: goes on with this segment. */
  #jump(flow: number, direction: Direction, sequence: number, segment: Segment): void {
    const { columns } = this.table;
    while (columns.conversations[flow]?.parts[direction]?.pieces.length) this.#giveUpGap(flow, direction);
    const gap = (sequence - columns.next(flow, direction)) | 0;
    if (gap > 0) {
      this.#dissector.skip(gap);
      columns.setNext(flow, direction, sequence);
    }
    const { bytes, start, end, length } = segment;
    this.#accept(flow, direction, Math.min(gap, 0), bytes, start, end, length, this.#now);
  }

  /** Reads held pieces that now follow without a gap. */
  #release(flow: number, direction: Direction): void {
    const { columns } = this.table;
    const pieces = columns.conversations[flow]?.parts[direction]?.pieces ?? [];
    for (;;) {
      const index = pieces.findIndex(piece => ((piece.sequence - columns.next(flow, direction)) | 0) <= 0);
      const [piece] = index === -1 ? [] : pieces.splice(index, 1);
      if (!piece) return;
      this.waiting.remove(piece.bytes.length);
      this.#acceptPiece(flow, direction, piece);
    }
  }

  /** Treats the missing bytes before the first held piece as lost. */
  #giveUpGap(flow: number, direction: Direction): void {
    const { columns } = this.table;
    const next = columns.next(flow, direction);
    const pieces = columns.conversations[flow]?.parts[direction]?.pieces ?? [];
    const gap = Math.min(...pieces.map(piece => (piece.sequence - next) | 0));
    this.#turnTo(flow, direction);
    this.#dissector.skip(gap);
    columns.setNext(flow, direction, (next + gap) | 0);
    this.#release(flow, direction);
  }

  #acceptPiece(flow: number, direction: Direction, piece: Piece): void {
    const gap = (piece.sequence - this.table.columns.next(flow, direction)) | 0;
    if (this.table.columns.stage(flow, direction) === Stage.Closed) return;
    this.#accept(flow, direction, gap, piece.bytes, 0, piece.bytes.length, piece.length, () => piece.at);
  }

  /** Makes room: the half that was used longest ago goes. */
  #evict(): void {
    const { columns, size } = this.table;
    const byAge = Int32Array.from({ length: size }, (_, flow) => flow);
    byAge.sort((a, b) => (columns.used[a] as number) - (columns.used[b] as number));
    for (const flow of byAge.subarray(0, size >> 1)) {
      if (!columns.isOver(flow)) this.evicted++;
      this.finishFlow(flow);
    }
    this.table.keep(byAge.subarray(size >> 1).sort());
  }

  /** What the dissector does next, it does in this direction of this flow. */
  #turnTo(flow: number, direction: Direction): Stream {
    const { stream } = this.#dissector;
    stream.flow = flow;
    stream.direction = direction;
    return stream;
  }

  #time(segment: Segment): Instant {
    return instant(segment.timestamps, segment.stampHigh, segment.stampLow);
  }
}
