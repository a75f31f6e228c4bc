import { Layer, type Packet } from './packet.ts';

/** Sets the cursor behind the link header and says what follows; undefined when the link type is not read here. */
type LinkDecoder = (packet: Packet) => Layer;

const byLinkType: ReadonlyMap<number, LinkDecoder> = new Map<number, LinkDecoder>([
  [0, decodeLoopback],
  [1, () => Layer.Ethernet],
  [9, () => Layer.Ppp],
  [12, () => Layer.Ip],
  [14, () => Layer.Ip],
  [50, decodePppOrHdlc],
  [51, packet => skipTo(packet, 6, Layer.Ppp)],
  [101, () => Layer.Ip],
  [104, decodeCiscoHdlc],
  [108, decodeLoopback],
  [113, packet => typeAt(packet, 14, 16)],
  [228, () => Layer.Ip],
  [229, () => Layer.Ip],
  [276, packet => typeAt(packet, 0, 20)],
]);

/** The decoder for a LINKTYPE_ value (tcpdump.org/linktypes.html), or undefined where there is none. */
export function linkDecoder(linkType: number): LinkDecoder | undefined {
  return byLinkType.get(linkType);
}

/** Four bytes of address family in the order of some host: the version nibble behind them says as much. */
function decodeLoopback(packet: Packet): Layer {
  return skipTo(packet, 4, Layer.Ip);
}

function decodePppOrHdlc(packet: Packet): Layer {
  const first = packet.has(1) ? packet.bytes[packet.at] : undefined;
  return first === 0x0f || first === 0x8f ? decodeCiscoHdlc(packet) : Layer.Ppp;
}

function decodeCiscoHdlc(packet: Packet): Layer {
  return typeAt(packet, 2, 4);
}

function typeAt(packet: Packet, typeOffset: number, headerLength: number): Layer {
  if (!packet.has(headerLength)) return Layer.Done;
  packet.etherType = packet.u16(packet.at + typeOffset);
  packet.at += headerLength;
  return Layer.EtherType;
}

function skipTo(packet: Packet, bytes: number, next: Layer): Layer {
  packet.at += bytes;
  return packet.has(1) ? next : Layer.Done;
}
