/** What a simulated board writes into its event log: bytes 8 to 16 of a type 02h record, without id and time. */
export type EventBytes = readonly [
  generatorLow: number,
  generatorHigh: number,
  revision: number,
  sensorType: number,
  sensorNumber: number,
  directionAndType: number,
  data1: number,
  data2: number,
  data3: number,
];

/** Errors of a PCI bus that a BIOS logs, by their offset under sensor type 13h. */
export const PCI_ERROR_OFFSETS = { perr: 0x4, serr: 0x5, correctable: 0x7, 'non-fatal': 0x8, fatal: 0xa } as const;
export type PciErrorName = keyof typeof PCI_ERROR_OFFSETS;

/** Bus 0 to 255, device 0 to 31, function 0 to 7. */
export interface PciPlace {
  readonly bus: number;
  readonly device: number;
  readonly function: number;
}

/** A PCI error as a BIOS logs it that writes Intel's layout, format revision 1. */
export function pciErrorBytes(error: PciErrorName, place: PciPlace): EventBytes {
  const devfn = (place.device << 3) | place.function;
  return [0x33, 0x00, 0x04, 0x13, 0x00, 0x6f, 0xa0 | PCI_ERROR_OFFSETS[error], place.bus, devfn];
}

export const FIRST_AC_POWER_ON: EventBytes = [0x20, 0x00, 0x04, 0xc8, 0xff, 0x6f, 0xa0, 0xff, 0xff];
export const CHASSIS_INTRUSION: EventBytes = [0x20, 0x00, 0x04, 0x05, 0x51, 0x6f, 0xf0, 0xff, 0xff];
export const LOG_CLEARED: EventBytes = [0x20, 0x00, 0x04, 0x10, 0x00, 0x6f, 0x02, 0xff, 0xff];
export const LOGIN_FAILED: EventBytes = [0x20, 0x00, 0x04, 0x2a, 0xff, 0x6f, 0xf2, 0xff, 0xff];
