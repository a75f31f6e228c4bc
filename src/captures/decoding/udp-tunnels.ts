import { Layer, type Packet } from './packet.ts';

type Decode = (packet: Packet) => Layer;

const GTP_U = 2152;
const TUNNELS: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [4789, decodeVxlan],
  [8472, decodeVxlan], // before its port was assigned; still Linux's default
  [6081, decodeGeneve],
  [GTP_U, decodeGtpU],
  [6635, () => Layer.Mpls],
]);

/** False when no tunnel that is read here uses these ports. */
export function isUdpTunnel(source: number, destination: number): boolean {
  return source === GTP_U || TUNNELS.has(destination);
}

/** UDP is of interest only as a tunnel: VXLAN, Geneve, GTP-U and MPLS, told by their assigned ports. */
export function decodeUdpTunnel(packet: Packet): Layer {
  if (!packet.has(8)) return Layer.Done;
  const source = packet.u16(packet.at);
  const destination = packet.u16(packet.at + 2);
  packet.at += 8;
  const decode = TUNNELS.get(destination) ?? (source === GTP_U ? decodeGtpU : undefined);
  return decode ? decode(packet) : Layer.Done;
}

/** RFC 7348: the I flag, a network identifier, then Ethernet. */
function decodeVxlan(packet: Packet): Layer {
  if (!packet.has(8) || ((packet.bytes[packet.at] as number) & 0x08) === 0) return Layer.Done;
  packet.at += 8;
  return Layer.Ethernet;
}

/** RFC 8926. */
function decodeGeneve(packet: Packet): Layer {
  if (!packet.has(8)) return Layer.Done;
  const first = packet.bytes[packet.at] as number;
  if (first >> 6 !== 0) return Layer.Done;
  packet.etherType = packet.u16(packet.at + 2);
  packet.at += 8 + (first & 0x3f) * 4;
  return Layer.EtherType;
}

/** 3GPP TS 29.281: version 1, message 255 carries a user packet; extension headers form a chain. */
function decodeGtpU(packet: Packet): Layer {
  if (!packet.has(8)) return Layer.Done;
  const flags = packet.bytes[packet.at] as number;
  if (flags >> 4 !== 3 || packet.bytes[packet.at + 1] !== 255) return Layer.Done;
  packet.at += 8;
  if ((flags & 7) === 0) return Layer.Ip;
  if (!packet.has(4)) return Layer.Done;
  let next = (flags & 4) !== 0 ? (packet.bytes[packet.at + 3] as number) : 0;
  packet.at += 4;
  while (next !== 0) {
    if (!packet.has(1)) return Layer.Done;
    const length = (packet.bytes[packet.at] as number) * 4;
    if (length === 0 || !packet.has(length)) return Layer.Done;
    packet.at += length;
    next = packet.bytes[packet.at - 1] as number;
  }
  return Layer.Ip;
}
