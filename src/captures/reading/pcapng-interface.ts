import type { Timestamps } from './timestamps.ts';

/** One Interface Description Block: what its packets' link header and time stamps mean. */
export interface CaptureInterface {
  readonly linkType: number;
  /** Most bytes kept of a packet; 0 when there is no limit. */
  readonly snapLength: number;
  readonly timestamps: Timestamps;
}

const OPTION_END = 0;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;

/** Reads the body of an Interface Description Block (draft-ietf-opsawg-pcapng, section 4.2). */
export function parseInterface(body: Buffer, bigEndian: boolean): CaptureInterface | undefined {
  if (body.length < 8) return undefined;
  const u16 = (at: number): number => (bigEndian ? body.readUInt16BE(at) : body.readUInt16LE(at));
  let unitsPerSecond = 1e6;
  let offsetSeconds = 0;
  for (let at = 8; at + 4 <= body.length;) {
    const code = u16(at);
    const length = u16(at + 2);
    const value = at + 4;
    if (code === OPTION_END || value + length > body.length) break;
    if (code === IF_TSRESOL && length >= 1) unitsPerSecond = resolution(body.readUInt8(value));
    if (code === IF_TSOFFSET && length >= 8) {
      offsetSeconds = Number(bigEndian ? body.readBigInt64BE(value) : body.readBigInt64LE(value));
    }
    at = value + length + (-length & 3);
  }
  return {
    linkType: u16(0),
    snapLength: bigEndian ? body.readUInt32BE(4) : body.readUInt32LE(4),
    timestamps: { form: 'joined', unitsPerSecond, offsetSeconds },
  };
}

/** if_tsresol: the high bit picks powers of two, else of ten. Finer than 2^-62 or 10^-18 is no clock. */
function resolution(value: number): number {
  const power = value & 0x7f;
  return value & 0x80 ? 2 ** Math.min(power, 62) : 10 ** Math.min(power, 18);
}
