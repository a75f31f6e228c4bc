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
