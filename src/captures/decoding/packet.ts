import type { Fragments } from './fragments.ts';
import type { Segment } from './segment.ts';

/** The step that decodes the next layer of a packet. `Done`: nothing (more) in it that carries TCP. */
export const Layer = {
  Done: 0,
  Ethernet: 1,
  EtherType: 2,
  Ip: 3,
  Ipv4: 4,
  Ipv6: 5,
  Transport: 6,
  Ppp: 7,
  Mpls: 8,
} as const;
export type Layer = (typeof Layer)[keyof typeof Layer];

/** A cursor over one packet. Decoders move `at`, narrow `end`, and name the layer that comes next. */
export class Packet {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** End of what was captured. */
  end = 0;
  /** Where the packet ended on the wire, on the same scale: `wireEnd > end` when the capture cut it. */
  wireEnd = 0;
  /** The type field that `Layer.EtherType` looks at. */
  etherType = 0;
  /** The protocol number that `Layer.Transport` looks at. */
  protocol = 0;
  readonly segment: Segment;
  readonly fragments: Fragments;

  constructor(segment: Segment, fragments: Fragments) {
    this.segment = segment;
    this.fragments = fragments;
  }

  has(bytes: number): boolean {
    return this.at + bytes <= this.end;
  }

  u16(at: number): number {
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
  }

  i32(at: number): number {
    const { bytes } = this;
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    );
  }
}
