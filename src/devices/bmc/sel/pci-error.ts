import type { EventData } from './record.ts';
import type { BoardMaker } from './board-maker.ts';

/** Sensor type "Critical Interrupt" (IPMI 2.0, table "Sensor Type Codes"). */
export const CRITICAL_INTERRUPT = 0x13;

/** Every error that is counted. Names follow the vendors' web pages: "PCI SERR", "PCI-e Non-Fatal Error". */
export const PCI_ERRORS = ['perr', 'serr', 'correctable', 'non-fatal', 'fatal', 'degraded', 'pcie'] as const;
export type PciErrorName = (typeof PCI_ERRORS)[number];

/** The errors of a PCI bus among the Critical Interrupt offsets. */
const ERRORS: ReadonlyMap<number, PciErrorName> = new Map([
  [0x4, 'perr'],
  [0x5, 'serr'],
  [0x7, 'correctable'],
  [0x8, 'non-fatal'],
  [0xa, 'fatal'],
  [0xb, 'degraded'],
]);

/** Dell gives offset 0, elsewhere "front panel NMI", to PCI Express errors (ipmitool, lib/ipmi_sel.c). */
const DELL_ERRORS: ReadonlyMap<number, PciErrorName> = new Map([...ERRORS, [0x0, 'pcie']]);

export interface PciError {
  readonly error: PciErrorName;
  /** Two hex digits. Absent when the record does not say. */
  readonly bus?: string;
  /** `02.2`: device in two hex digits, function; or `slot-7` where the maker counts slots. Absent as above. */
  readonly deviceFunction?: string;
}

/**
 * The PCI error of an asserted, sensor-specific Critical Interrupt event, or undefined when it is another one (NMI, bus
 * time-out). `generator` is the record's own; the layout of the place depends on who wrote the record.
 */
export function pciError(data: EventData, generator: number, maker: BoardMaker): PciError | undefined {
  const error = (maker === 'dell' ? DELL_ERRORS : ERRORS).get(data[0] & 0x0f);
  if (error === undefined) return undefined;
  if (maker === 'dell') return { error, ...dellPlace(data) };
  return writtenInIntelLayout(generator, maker) ? { error, ...intelPlace(data) } : { error };
}

/**
 * Event data 2 is the bus, event data 3 device [7:3] and function [2:0] (Intel SE7501WV2 TPS, tables 55 and 56).
 * Intel's BIOS layout is used by Supermicro too, and marked by a generator of "system BIOS", 31h to 3Fh odd.
 */
function writtenInIntelLayout(generator: number, maker: BoardMaker): boolean {
  const writer = generator & 0xff;
  return maker === 'supermicro' || maker === 'intel' || (writer >= 0x31 && writer <= 0x3f && writer % 2 === 1);
}

function intelPlace(data: EventData): Pick<PciError, 'bus' | 'deviceFunction'> {
  const [flags, bus, devfn] = data;
  return {
    ...(given(flags >> 6, bus) ? { bus: hex(bus) } : {}),
    ...(given(flags >> 4, devfn) ? { deviceFunction: deviceFunction(devfn) } : {}),
  };
}

/** The other way round: event data 2 is device and function, event data 3 the bus, or a slot when bit 7 is set. */
function dellPlace(data: EventData): Pick<PciError, 'bus' | 'deviceFunction'> {
  const [flags, devfn, place] = data;
  if (!given(flags >> 4, place)) return {};
  if ((place & 0x80) !== 0) return { deviceFunction: `slot-${place & 0x7f}` };
  return { bus: hex(place & 0x7f), ...(given(flags >> 6, devfn) ? { deviceFunction: deviceFunction(devfn) } : {}) };
}

/** Two bits of event data 1 say whether the byte is an OEM code (10b), and FFh means "not given" all the same. */
function given(flag: number, value: number): boolean {
  return (flag & 0b11) === 0b10 && value !== 0xff;
}

function deviceFunction(devfn: number): string {
  return `${hex(devfn >> 3)}.${devfn & 0b111}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
