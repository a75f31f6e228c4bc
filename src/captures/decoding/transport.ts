import { Layer, type Packet } from './packet.ts';
import { decodeUdpTunnel } from './udp-tunnels.ts';
import type { SegmentSink } from './segment.ts';

/** Follows an IP protocol number: TCP ends at the sink, tunnels lead to the next layer. */
export function decodeTransport(packet: Packet, sink: SegmentSink): Layer {
  switch (packet.protocol) {
    case 6:
      decodeTcp(packet, sink);
      return Layer.Done;
    case 17:
      return decodeUdpTunnel(packet);
    case 4: // IP in IP (RFC 2003)
    case 41: // IPv6 in anything (RFC 4213)
      return Layer.Ip;
    case 47:
      return decodeGre(packet);
    case 51:
      return stepOverAuthentication(packet);
    case 97: // EtherIP (RFC 3378)
      packet.at += 2;
      return Layer.Ethernet;
    case 137:
      return Layer.Mpls;
    default:
      return Layer.Done;
  }
}

/** TCP (RFC 9293): fills the segment and hands it over. A header that was cut is no segment. */
function decodeTcp(packet: Packet, sink: SegmentSink): void {
  if (!packet.has(20)) return;
  const { bytes, at, segment } = packet;
  const headerLength = ((bytes[at + 12] as number) >> 4) * 4;
  const start = at + headerLength;
  if (headerLength < 20 || start > packet.wireEnd) return;
  segment.sourcePort = packet.u16(at);
  segment.destinationPort = packet.u16(at + 2);
  segment.sequence = packet.i32(at + 4);
  segment.flags = bytes[at + 13] as number;
  segment.bytes = bytes;
  segment.start = start;
  segment.end = Math.max(start, packet.end);
  segment.length = packet.wireEnd - start;
  sink.segment(segment);
}

/** GRE (RFC 2784, 2890), PPTP's version of it (RFC 2637), and ERSPAN inside it. */
function decodeGre(packet: Packet): Layer {
  if (!packet.has(4)) return Layer.Done;
  const flags = packet.u16(packet.at);
  packet.etherType = packet.u16(packet.at + 2);
  const version = flags & 7;
  const hasSequence = (flags & 0x1000) !== 0;
  let length = 4;
  if ((flags & 0xc000) !== 0) length += 4; // checksum and routing offset
  if ((flags & 0x2000) !== 0) length += 4; // key
  if (hasSequence) length += 4;
  if (version === 1 && (flags & 0x0080) !== 0) length += 4; // acknowledgement
  packet.at += length;
  if (version === 1) return packet.etherType === 0x880b ? Layer.Ppp : Layer.Done;
  if (packet.etherType === 0x88be) {
    if (hasSequence) packet.at += 8; // ERSPAN type II; type I has no header at all
    return Layer.Ethernet;
  }
  if (packet.etherType === 0x22eb) return stepOverErspan3(packet);
  return Layer.EtherType;
}

function stepOverErspan3(packet: Packet): Layer {
  if (!packet.has(12)) return Layer.Done;
  const hasPlatformHeader = ((packet.bytes[packet.at + 11] as number) & 1) === 1;
  packet.at += hasPlatformHeader ? 20 : 12;
  return Layer.Ethernet;
}

function stepOverAuthentication(packet: Packet): Layer {
  if (!packet.has(2)) return Layer.Done;
  packet.protocol = packet.bytes[packet.at] as number;
  packet.at += ((packet.bytes[packet.at + 1] as number) + 2) * 4;
  return Layer.Transport;
}
