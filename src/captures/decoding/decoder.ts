import { decodeEthernet, decodeEtherType, decodeMpls, decodePpp } from './ether-type.ts';
import { Fragments } from './fragments.ts';
import { decodeIp, decodeIpv4, decodeIpv6 } from './ip.ts';
import { linkDecoder } from './link-types.ts';
import { Layer, Packet } from './packet.ts';
import { Segment, type SegmentSink } from './segment.ts';
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

  constructor(sink: SegmentSink) {
    this.#sink = sink;
    this.quick = sink.quick;
    this.#packet = new Packet(this.segment, this.fragments);
  }

  /** `bytes[start, end)` was captured of a packet that had `wireLength` bytes. */
  packet(linkType: number, bytes: Buffer, start: number, end: number, wireLength: number): void {
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
