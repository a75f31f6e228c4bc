/** The answer to Get SEL Info (NetFn Storage 0Ah, command 40h). Times are the BMC's own clock, in seconds. */
export interface SelInfo {
  readonly entries: number;
  readonly freeBytes: number;
  readonly addedAt: number;
  readonly erasedAt: number;
  /** Events were dropped for lack of room. */
  readonly overflow: boolean;
}

const SEL_VERSION = 0x51;
const LENGTH = 14;

/** Reads the 14 bytes after the completion code, little-endian. Undefined when they are not version 1.5 of the command. */
export function parseSelInfo(bytes: Uint8Array): SelInfo | undefined {
  if (bytes.length !== LENGTH || bytes[0] !== SEL_VERSION) return undefined;
  const view = Buffer.from(bytes);
  return {
    entries: view.readUInt16LE(1),
    freeBytes: view.readUInt16LE(3),
    addedAt: view.readUInt32LE(5),
    erasedAt: view.readUInt32LE(9),
    overflow: (view.readUInt8(13) & 0x80) !== 0,
  };
}

/** The IANA enterprise number in the answer to Get Device ID (NetFn 06h, command 01h), bytes 7 to 9, 20 bits. */
export function parseManufacturer(bytes: Uint8Array): number | undefined {
  return bytes.length < 9 ? undefined : Buffer.from(bytes).readUIntLE(6, 3) & 0x0f_ffff;
}

/** Bit 0 of the answer to Get Chassis Status (NetFn 00h, command 01h). */
export function parsePowerState(bytes: Uint8Array): 'on' | 'off' | undefined {
  const [status] = bytes;
  if (status === undefined || bytes.length < 3) return undefined;
  return (status & 0x01) === 1 ? 'on' : 'off';
}

/** How many sensor descriptions there are: bytes 2 and 3 of the answer to Get SDR Repository Info (NetFn 0Ah, command 20h). */
export function parseSensorCount(bytes: Uint8Array): number | undefined {
  return bytes.length < 14 ? undefined : Buffer.from(bytes).readUInt16LE(1);
}
