/** A stream that has shown nothing in so many bytes is not looked at any further: hellos come early. */
export const WINDOW = 64 * 1024;

/** What a first byte may begin. */
export const NEVER = 0;
export const TLS = 1;
const SSLV2 = 2;
export const REQUEST = 3;

const BEGINS = new Uint8Array(256);
BEGINS.fill(TLS, 0x15, 0x17);
BEGINS.fill(SSLV2, 0x80, 0x100);
BEGINS.fill(REQUEST, 0x41, 0x5b);
BEGINS[0x0d] = REQUEST;

/** What a message with this first byte may be; `NEVER`: nothing that is read here. */
export function whatBegins(byte: number): number {
  return BEGINS[byte] as number;
}

/** False when `view[at, end)`, which is not empty, begins nothing that is read here. */
export function mayBegin(view: DataView, at: number, end: number): boolean {
  const begins = BEGINS[view.getUint8(at)];
  if (begins === NEVER) return false;
  // Half of all bytes may begin a hello of SSL 2.0; its third byte is the message's type: ClientHello or ServerHello.
  if (begins !== SSLV2 || at + 2 >= end) return true;
  const message = view.getUint8(at + 2);
  return message === 1 || message === 4;
}
