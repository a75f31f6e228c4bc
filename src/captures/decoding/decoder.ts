import { decodeEthernet, decodeEtherType, decodeMpls, decodePpp } from './ether-type.ts';
import { Fragments } from './fragments.ts';
import { decodeIp, decodeIpv4, decodeIpv6 } from './ip.ts';
import { linkDecoder } from './link-types.ts';
import { Layer, Packet } from './packet.ts';
import { isBare, Segment, type SegmentSink } from './segment.ts';
import { decodeTransport } from './transport.ts';
import { ETHERNET, type PacketSink, type QuickLook } from '../reading/scanner.ts';
import { microseconds } from '../reading/timestamps.ts';

/** More layers than any real packet has: a hostile one stops here. */
const MOST_LAYERS = 64;

/** From the bytes of a packet to its innermost TCP segment. */
export class Decoder implements PacketSink {
  readonly quick: QuickLook | undefined;
  origin = 0;
  readonly segment = new Segment(microseconds);
  readonly fragments = new Fragments();
  /** Packets of link types that are not read here, by LINKTYPE_ value. */
  readonly unread = new Map<number, number>();
  readonly #packet: Packet;
  readonly #sink: SegmentSink;
  readonly #bareAcknowledgements: boolean;

  /** Segments that carry nothing and neither open nor end anything may be left out, which saves half of the work, unless asked for. */
  constructor(sink: SegmentSink, options = { bareAcknowledgements: false }) {
    this.#sink = sink;
    this.quick = sink.quick;
    this.#bareAcknowledgements = options.bareAcknowledgements;
    this.#packet = new Packet(this.segment, this.fragments);
  }

  /** `bytes[start, end)` was captured of a packet that had `wireLength` bytes. */
  packet(linkType: number, bytes: Buffer, start: number, end: number, wireLength: number): void {
    if (linkType === ETHERNET && this.#plain(bytes, start, end, wireLength)) return;
    this.segment.reassembled = false;
    const packet = this.#packet;
    packet.bytes = bytes;
    packet.at = start;
    packet.end = end;
    packet.wireEnd = Math.max(end, start + wireLength);
    if (linkType === ETHERNET) {
      this.#follow(Layer.Ethernet);
      return;
    }
    const decode = linkDecoder(linkType);
    if (decode) this.#follow(decode(packet));
    else this.unread.set(linkType, (this.unread.get(linkType) ?? 0) + 1);
  }

  /**
   * Nearly every packet: Ethernet, IPv4 without options or fragments, TCP. The layers below `#follow` would say the
   * same, more slowly. False when it is anything else.
   */
  #plain(bytes: Buffer, start: number, end: number, wireLength: number): boolean {
    if (end - start < 54 || bytes[start + 12] !== 0x08 || bytes[start + 13] !== 0x00) return false;
    if (bytes[start + 14] !== 0x45 || bytes[start + 23] !== 6) return false;
    if (((bytes[start + 20] as number) & 0x3f) !== 0 || bytes[start + 21] !== 0) return false;
    const ipLength = ((bytes[start + 16] as number) << 8) | (bytes[start + 17] as number);
    const headerLength = ((bytes[start + 46] as number) >> 4) * 4;
    const length = ipLength - 20 - headerLength;
    if (headerLength < 20 || length < 0 || 14 + ipLength > wireLength) return false;
    const flags = bytes[start + 47] as number;
    if (isBare(flags, length) && !this.#bareAcknowledgements) return true;
    const { segment } = this;
    segment.ipv6 = false;
    segment.reassembled = false;
    segment.source0 = i32(bytes, start + 26);
    segment.destination0 = i32(bytes, start + 30);
    segment.sourcePort = ((bytes[start + 34] as number) << 8) | (bytes[start + 35] as number);
    segment.destinationPort = ((bytes[start + 36] as number) << 8) | (bytes[start + 37] as number);
    segment.sequence = i32(bytes, start + 38);
    segment.flags = flags;
    segment.bytes = bytes;
    segment.start = start + 34 + headerLength;
    segment.end = Math.max(segment.start, Math.min(end, start + 14 + ipLength));
    segment.length = length;
    this.#sink.segment(segment);
    return true;
  }

  #follow(first: Layer): void {
    let layer = first;
    for (let left = MOST_LAYERS; layer !== Layer.Done && left > 0; left--) layer = this.#step(layer);
  }

  #step(layer: Layer): Layer {
    const packet = this.#packet;
    switch (layer) {
      case Layer.Ethernet:
        return decodeEthernet(packet);
      case Layer.EtherType:
        return decodeEtherType(packet);
      case Layer.Ip:
        return decodeIp(packet);
      case Layer.Ipv4:
        return decodeIpv4(packet);
      case Layer.Ipv6:
        return decodeIpv6(packet);
      case Layer.Transport:
        return decodeTransport(packet, this.#sink);
      case Layer.Ppp:
        return decodePpp(packet);
      case Layer.Mpls:
        return decodeMpls(packet);
      case Layer.Done:
        return Layer.Done;
    }
  }
}

function i32(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}
