import { Layer, type Packet } from './packet.ts';

const VXLAN = 4789;
const OLD_VXLAN = 8472; // before a port was assigned; still Linux's default
const GENEVE = 6081;
const GTP_U = 2152;
const MPLS = 6635;

/** False when no tunnel that is read here uses these ports. */
export function isUdpTunnel(source: number, destination: number): boolean {
  switch (destination) {
    case VXLAN:
    case OLD_VXLAN:
    case GENEVE:
    case GTP_U:
    case MPLS:
      return true;
    default:
      return source === GTP_U;
  }
}

/** UDP is of interest only as a tunnel: VXLAN, Geneve and GTP-U, told by their assigned ports. */
export function decodeUdpTunnel(packet: Packet): Layer {
  if (!packet.has(8)) return Layer.Done;
  const source = packet.u16(packet.at);
  const destination = packet.u16(packet.at + 2);
  packet.at += 8;
  switch (destination) {
    case VXLAN:
    case OLD_VXLAN:
      return decodeVxlan(packet);
    case GENEVE:
      return decodeGeneve(packet);
    case GTP_U:
      return decodeGtpU(packet);
    case MPLS:
      return Layer.Mpls;
    default:
      return source === GTP_U ? decodeGtpU(packet) : Layer.Done;
  }
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
