import { Layer, type Packet } from './packet.ts';

/** Raw IP: the first nibble tells the version, whatever the layer above claimed. */
export function decodeIp(packet: Packet): Layer {
  if (!packet.has(1)) return Layer.Done;
  const version = (packet.bytes[packet.at] as number) >> 4;
  if (version === 4) return Layer.Ipv4;
  return version === 6 ? Layer.Ipv6 : Layer.Done;
}

/** IPv4 (RFC 791). A total length of 0 is what a capture on a host with segmentation offload shows: then all counts. */
export function decodeIpv4(packet: Packet): Layer {
  if (!packet.has(20)) return Layer.Done;
  const { bytes, at, segment } = packet;
  const headerLength = ((bytes[at] as number) & 15) * 4;
  const totalLength = packet.u16(at + 2);
  if (headerLength < 20 || !packet.has(headerLength) || (totalLength !== 0 && totalLength < headerLength)) {
    return Layer.Done;
  }
  if (totalLength !== 0) narrow(packet, at + totalLength);
  segment.ipv6 = false;
  segment.source0 = packet.i32(at + 12);
  segment.destination0 = packet.i32(at + 16);
  packet.protocol = bytes[at + 9] as number;
  packet.at = at + headerLength;
  const fragment = packet.u16(at + 6);
  if ((fragment & 0x3fff) === 0) return Layer.Transport;
  const key = `${segment.source0} ${segment.destination0} ${packet.protocol} ${packet.u16(at + 4)}`;
  return packet.fragments.add(packet, key, (fragment & 0x1fff) * 8, (fragment & 0x2000) !== 0);
}

/** IPv6 (RFC 8200) with its extension headers. A payload length of 0 (jumbogram, offload) means all that is there. */
export function decodeIpv6(packet: Packet): Layer {
  if (!packet.has(40)) return Layer.Done;
  const { bytes, at, segment } = packet;
  const payloadLength = packet.u16(at + 4);
  if (payloadLength !== 0) narrow(packet, at + 40 + payloadLength);
  segment.ipv6 = true;
  for (let word = 0; word < 4; word++) {
    segment.source[word] = packet.i32(at + 8 + word * 4);
    segment.destination[word] = packet.i32(at + 24 + word * 4);
  }
  segment.source0 = segment.source[0] as number;
  segment.destination0 = segment.destination[0] as number;
  packet.protocol = bytes[at + 6] as number;
  packet.at = at + 40;
  return skipExtensions(packet);
}

function skipExtensions(packet: Packet): Layer {
  for (;;) {
    switch (packet.protocol) {
      case 0: // hop by hop
      case 43: // routing
      case 60: // destination options
      case 135: // mobility
      case 139: // host identity
      case 140: // shim6
        if (!packet.has(8)) return Layer.Done;
        stepOver(packet, ((packet.bytes[packet.at + 1] as number) + 1) * 8);
        break;
      case 44:
        return reassemble(packet);
      default:
        return Layer.Transport;
    }
  }
}

function reassemble(packet: Packet): Layer {
  if (!packet.has(8)) return Layer.Done;
  const { at, segment } = packet;
  const field = packet.u16(at + 2);
  const key = `${segment.source.join()} ${segment.destination.join()} ${packet.i32(at + 4)}`;
  stepOver(packet, 8);
  if ((field & 0xfff9) === 0) return skipExtensions(packet); // an atomic fragment (RFC 6946)
  const next = packet.fragments.add(packet, key, field & 0xfff8, (field & 1) === 1);
  return next === Layer.Done ? next : skipExtensions(packet);
}

function stepOver(packet: Packet, bytes: number): void {
  packet.protocol = packet.bytes[packet.at] as number;
  packet.at += bytes;
}

function narrow(packet: Packet, wireEnd: number): void {
  if (wireEnd < packet.wireEnd) packet.wireEnd = wireEnd;
  if (wireEnd < packet.end) packet.end = wireEnd;
}
