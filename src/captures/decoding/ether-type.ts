import { Layer, type Packet } from './packet.ts';

const LLC_SNAP = 0xaaaa;

/** Ethernet II and 802.3: two addresses, then a type or a length with LLC. */
export function decodeEthernet(packet: Packet): Layer {
  if (!packet.has(14)) return Layer.Done;
  packet.etherType = packet.u16(packet.at + 12);
  packet.at += 14;
  if (packet.etherType > 1500) return Layer.EtherType;
  return decodeLlc(packet);
}

/** Follows one type field: tags, labels and tunnels move on to the next one. */
export function decodeEtherType(packet: Packet): Layer {
  switch (packet.etherType) {
    case 0x0800:
    case 0x86dd:
      return Layer.Ip;
    case 0x8100: // 802.1Q
    case 0x88a8: // 802.1ad
    case 0x9100: // QinQ before 802.1ad
    case 0x9200:
    case 0x9300:
      return nextTypeAfter(packet, 2);
    case 0x8926: // VN-Tag
      return nextTypeAfter(packet, 4);
    case 0x8909: // Cisco MetaData, which carries a security group tag
      return nextTypeAfter(packet, 6);
    case 0x8847:
    case 0x8848:
      return Layer.Mpls;
    case 0x8864: // PPPoE session: version, code, session, length (RFC 2516)
      packet.at += 6;
      return packet.has(2) ? Layer.Ppp : Layer.Done;
    case 0x6558:
      return Layer.Ethernet;
    default:
      return Layer.Done;
  }
}

/** PPP, with or without address and control, with one or two bytes of protocol (RFC 1661). */
export function decodePpp(packet: Packet): Layer {
  if (packet.has(4) && packet.u16(packet.at) === 0xff03) packet.at += 2;
  if (!packet.has(2)) return Layer.Done;
  const first = packet.bytes[packet.at] as number;
  const protocol = first & 1 ? first : packet.u16(packet.at);
  packet.at += first & 1 ? 1 : 2;
  if (protocol === 0x0021 || protocol === 0x0057) return Layer.Ip;
  return protocol === 0x0281 ? Layer.Mpls : Layer.Done;
}

/** Labels up to the bottom of the stack; what lies below is told by its first nibble, as routers do (RFC 4928). */
export function decodeMpls(packet: Packet): Layer {
  let bottom = false;
  while (!bottom) {
    if (!packet.has(4)) return Layer.Done;
    bottom = ((packet.bytes[packet.at + 2] as number) & 1) === 1;
    packet.at += 4;
  }
  if (!packet.has(1)) return Layer.Done;
  const nibble = (packet.bytes[packet.at] as number) >> 4;
  if (nibble === 4 || nibble === 6) return Layer.Ip;
  if (nibble === 0) packet.at += 4; // control word of a pseudowire (RFC 4385)
  return Layer.Ethernet;
}

function nextTypeAfter(packet: Packet, bytes: number): Layer {
  if (!packet.has(bytes + 2)) return Layer.Done;
  packet.etherType = packet.u16(packet.at + bytes);
  packet.at += bytes + 2;
  return packet.etherType > 1500 ? Layer.EtherType : decodeLlc(packet);
}

function decodeLlc(packet: Packet): Layer {
  if (!packet.has(8) || packet.u16(packet.at) !== LLC_SNAP) return Layer.Done;
  packet.etherType = packet.u16(packet.at + 6);
  packet.at += 8;
  return Layer.EtherType;
}
