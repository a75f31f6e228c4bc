/** Bytes of one SEL record. */
export const RECORD_BYTES = 16;

/** Seconds below this count from the start of the BMC, whose clock was not set yet (IPMI 2.0, Get SEL Entry). */
const PRE_INIT_END = 0x2000_0000;
const TIME_INVALID = 0xffff_ffff;

interface RecordFacts {
  readonly id: number;
  /** All 16 bytes in hex. */
  readonly raw: string;
  /** Bytes 3 to 16 in hex: what the record says, without the id, which BMCs reuse. */
  readonly content: string;
  readonly type: number;
  /** Seconds since the epoch, as the BMC's clock had it. Absent when the clock was not set or the format has no time. */
  readonly time?: number;
}

/** Record type 02h. */
export interface SystemRecord extends RecordFacts {
  readonly shape: 'system';
  /** Byte 8 low, byte 9 high. Low bit of byte 8 clear: an I2C address (20h is the BMC); set: a software id. */
  readonly generator: number;
  readonly sensorType: number;
  readonly sensorNumber: number;
  /** 01h threshold, 6Fh sensor-specific, 70h to 7Fh OEM. */
  readonly eventType: number;
  readonly deasserted: boolean;
  readonly eventData: EventData;
}

/** Event data 1 to 3. The first says in its upper bits what the others mean, in its lower four the event's offset. */
export type EventData = readonly [number, number, number];

/** Record types C0h to FFh: the maker's own bytes. */
export interface OemRecord extends RecordFacts {
  readonly shape: 'oem';
}

/** Any other record type: kept, counted and not interpreted. */
export interface UnknownRecord extends RecordFacts {
  readonly shape: 'unknown';
}

export type SelRecord = SystemRecord | OemRecord | UnknownRecord;

/**
 * Decodes one 16-byte record (IPMI 2.0, table "SEL Event Records"; multi-byte fields are little-endian).
 * Undefined when it cannot be a stored record: another length, or one of the ids that only mean "first" and "last".
 */
export function decodeRecord(bytes: Uint8Array): SelRecord | undefined {
  if (bytes.length !== RECORD_BYTES) return undefined;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, RECORD_BYTES);
  const id = view.readUInt16LE(0);
  if (id === 0x0000 || id === 0xffff) return undefined;
  const raw = view.toString('hex');
  const type = view.readUInt8(2);
  const facts = { id, raw, content: raw.slice(4), type };
  if (type === 0x02) return decodeSystemEvent(view, facts);
  if (type < 0xc0) return { ...facts, shape: 'unknown' };
  return type < 0xe0 ? { ...facts, ...timeOf(view), shape: 'oem' } : { ...facts, shape: 'oem' };
}

/** Decodes 32 hex digits, as `SEL_RD` has them. Undefined when it is not such a text or not a stored record. */
export function decodeHex(hex: string): SelRecord | undefined {
  return /^[0-9a-f]{32}$/i.test(hex) ? decodeRecord(Buffer.from(hex, 'hex')) : undefined;
}

/** The time if it is a calendar time: BMC clocks start at 0 and count from there until somebody sets them. */
export function calendarTime(seconds: number): number | undefined {
  return seconds >= PRE_INIT_END && seconds < TIME_INVALID ? seconds : undefined;
}

function decodeSystemEvent(view: Buffer, facts: RecordFacts): SystemRecord {
  const direction = view.readUInt8(12);
  return {
    ...facts,
    ...timeOf(view),
    shape: 'system',
    generator: view.readUInt16LE(7),
    sensorType: view.readUInt8(10),
    sensorNumber: view.readUInt8(11),
    eventType: direction & 0x7f,
    deasserted: (direction & 0x80) !== 0,
    eventData: [view.readUInt8(13), view.readUInt8(14), view.readUInt8(15)],
  };
}

function timeOf(view: Buffer): { readonly time?: number } {
  const time = calendarTime(view.readUInt32LE(3));
  return time === undefined ? {} : { time };
}
