import { ACK, FIN, RST, SYN, type Segment } from '../decoding/segment.ts';
import type { Direction } from './stage.ts';
import { Steps } from './steps.ts';

/** A SYN that began another connection. One with an ACK does so only where the server had sent something before. */
interface Restart {
  readonly offset: number;
  readonly sequence: number;
  readonly direction: Direction;
  readonly withAck: boolean;
}

/** What a reader that began in the middle of a file noted of a flow's first packet there. */
export interface Beginning {
  readonly offset: number;
  readonly sequence: number;
  readonly direction: Direction;
  /** It was a SYN: nothing of this connection can have come before. */
  readonly withSyn: boolean;
  /** A SYN with an ACK came before `restart`: it may have begun another connection, unseen from here. */
  answered: boolean;
  /** The SYN with which another connection took the same addresses and ports, later in the range. */
  restart: Restart | undefined;
}

/**
 * Keeps what is needed to correct a range of a file that was read without knowing what comes before it: the packets of
 * all flows that were under way when the range began.
 */
export class Journal {
  readonly beginnings: Beginning[] = [];
  /** The packets of flows that may have begun before the range. */
  readonly steps = new Steps();
  /** One of them cannot be read again from its record alone. */
  incomplete = false;

  begin(flow: number, direction: Direction, segment: Segment): void {
    const { offset, sequence } = segment;
    const withSyn = (segment.flags & (SYN | ACK)) === SYN;
    this.beginnings[flow] = { offset, sequence, direction, withSyn, answered: false, restart: undefined };
  }

  note(flow: number, direction: Direction, segment: Segment): void {
    const beginning = this.beginnings[flow];
    if (!beginning || !this.isOpen(flow)) return;
    if ((segment.flags & SYN) !== 0) beginning.answered = true;
    if (segment.reassembled) this.incomplete = true;
    this.steps.push(flow, direction, segment.offset, (segment.flags & (SYN | FIN | RST)) !== 0);
  }

  restart(flow: number, direction: Direction, segment: Segment): void {
    const beginning = this.beginnings[flow];
    if (!beginning) return;
    const withAck = (segment.flags & ACK) !== 0;
    beginning.restart ??= { offset: segment.offset, sequence: segment.sequence, direction, withAck };
  }

  /** True while the flow may be one that began before the range. */
  isOpen(flow: number): boolean {
    const beginning = this.beginnings[flow];
    return beginning !== undefined && !beginning.withSyn && beginning.restart === undefined;
  }
}
