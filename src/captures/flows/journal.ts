import { ACK, SYN, type Segment } from '../decoding/segment.ts';
import type { Direction } from './stage.ts';
import { Steps } from './steps.ts';

/** What a reader that began in the middle of a file noted of a flow's first packet there. */
export interface Beginning {
  readonly offset: number;
  readonly sequence: number;
  readonly direction: Direction;
  /** It was a SYN: nothing of this connection can have come before. */
  readonly withSyn: boolean;
  /** The SYN with which another connection took the same addresses and ports, later in the range. */
  restart: { readonly offset: number; readonly sequence: number; readonly direction: Direction } | undefined;
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
    this.beginnings[flow] = { offset, sequence, direction, withSyn, restart: undefined };
  }

  note(flow: number, direction: Direction, segment: Segment): void {
    if (!this.isOpen(flow)) return;
    if (segment.reassembled) this.incomplete = true;
    this.steps.push(flow, direction, segment.offset);
  }

  restart(flow: number, direction: Direction, segment: Segment): void {
    const beginning = this.beginnings[flow];
    if (!beginning) return;
    beginning.restart ??= { offset: segment.offset, sequence: segment.sequence, direction };
  }

  /** True while the flow may be one that began before the range. */
  isOpen(flow: number): boolean {
    const beginning = this.beginnings[flow];
    return beginning !== undefined && !beginning.withSyn && beginning.restart === undefined;
  }
}
