import { ClientFilter, type ClientQuestion } from '../forwarding/client-filter.ts';
import type { Carried, Carrier, Request } from '../forwarding/carried.ts';
import { CarriedLists } from '../forwarding/carried-lists.ts';
import type { Finding } from '../findings.ts';
import type { Instant } from '../reading/timestamps.ts';
import { describeHandshake } from '../tls/handshake.ts';
import type { Endpoint } from './columns.ts';
import type { Conversation } from './conversation.ts';
import type { Direction } from './stage.ts';
import type { Stream } from './stream.ts';
import type { FlowTable } from './table.ts';

/** What is looked for. Plain data: workers get it too. */
export interface Wanted {
  readonly tls: boolean;
  readonly forwarded: ClientQuestion | undefined;
  /** Also report each request that named a client. */
  readonly requests: boolean;
}

interface Place {
  readonly file: string;
  readonly client: Endpoint;
  readonly server: Endpoint;
}

/** Most kinds of header times addresses that are kept for one connection. */
const MOST_CARRIED = 10_000;
/** The same over all connections that are not over. */
const MOST_CARRIED_IN_ALL = 300_000;

/** Writes down what the streams show, and turns it into findings when it is complete. */
export class Book {
  readonly wanted: Wanted;
  /** Addresses that were not kept because a connection carried too many. */
  dropped = 0;
  #carried = 0;
  readonly #lists = new CarriedLists();
  readonly #filter: ClientFilter | undefined;
  readonly #table: FlowTable;
  readonly #fileAt: (offset: number) => string;
  readonly #onFinding: (finding: Finding, flow: number) => void;

  constructor(
    wanted: Wanted,
    table: FlowTable,
    fileAt: (offset: number) => string,
    onFinding: (finding: Finding, flow: number) => void,
  ) {
    this.wanted = wanted;
    this.#filter = wanted.forwarded && new ClientFilter(wanted.forwarded);
    this.#table = table;
    this.#fileAt = fileAt;
    this.#onFinding = onFinding;
  }

  /** A request (or PROXY header) that the stream has just shown. */
  request(stream: Stream, request: Request): void {
    const { flow, direction, known } = stream;
    if (known && request.line !== '') known.requests++;
    const filter = this.#filter;
    if (!filter) return;
    for (const carrier of request.carriers) {
      for (const address of filter.matches(carrier)) {
        this.#carry(stream.conversation, direction, carrier, address, request.at);
        if (this.wanted.requests)
          this.#onFinding(this.#requestFinding(flow, direction, carrier, address, request), flow);
      }
    }
  }

  /** The handshake is complete, or nothing more will come of it. */
  handshake(flow: number, conversation: Conversation): void {
    const { handshake } = conversation;
    conversation.handshake = undefined;
    if (!handshake || !this.wanted.tls) return;
    const tls = describeHandshake(handshake, {
      ...this.#place(flow, handshake.client),
      firstSeen: this.#table.columns.firstSeen(flow),
    });
    if (tls) this.#onFinding({ kind: 'tls', tls }, flow);
  }

  /** The connection is over: says what was held back until its end. */
  finish(flow: number, conversation: Conversation): void {
    this.handshake(flow, conversation);
    for (const { direction, ...carried } of conversation.carried ?? []) {
      const forPeople = carried.source.startsWith('proxy-') ? { ...carried, requests: conversation.requests } : carried;
      this.#onFinding({ kind: 'forwarded', forwarded: { ...this.#place(flow, direction), ...forPeople } }, flow);
    }
    this.#carried -= conversation.carried?.length ?? 0;
    conversation.carried = undefined;
  }

  /** Counts what was written down for a connection that was taken over. */
  countCarried(conversation: Conversation): void {
    this.#carried += conversation.carried?.length ?? 0;
  }

  #carry(conversation: Conversation, direction: Direction, carrier: Carrier, address: string, at: Instant): void {
    const carried = (conversation.carried ??= []);
    const before = this.#lists.find(carried, carrier.source, address);
    if (before) {
      before.requests++;
      before.lastSeen = at;
    } else if (carried.length < MOST_CARRIED && this.#carried < MOST_CARRIED_IN_ALL) {
      this.#carried++;
      const entry: Carried = { source: carrier.source, address, direction, requests: 1, firstSeen: at, lastSeen: at };
      this.#lists.add(carried, entry);
    } else {
      this.dropped++;
    }
  }

  #requestFinding(flow: number, direction: Direction, carrier: Carrier, address: string, request: Request): Finding {
    const place = this.#place(flow, direction);
    return {
      kind: 'request',
      request: { ...place, source: carrier.source, address, at: request.at, request: request.line },
    };
  }

  #place(flow: number, client: Direction): Place {
    const { columns } = this.#table;
    return {
      file: this.#fileAt(columns.offset[flow] as number),
      client: columns.endpoint(flow, client),
      server: columns.endpoint(flow, client === 0 ? 1 : 0),
    };
  }
}
