import type { BoardMaker } from './board-maker.ts';
import { CRITICAL_INTERRUPT, pciError, type PciError } from './pci-error.ts';
import type { SelRecord, SystemRecord } from './record.ts';

/** What an entry is about: a closed list, because it is a metric label. */
export const EVENT_KINDS = [
  'pci-error',
  'critical-interrupt',
  'ac-power-on',
  'chassis-intrusion',
  'power-supply',
  'processor',
  'memory',
  'temperature',
  'voltage',
  'fan',
  'log-cleared',
  'clock',
  'login-failed',
  'deassertion',
  'other',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

const SENSOR_SPECIFIC = 0x6f;

/** Sensor types whose every event is of one kind (IPMI 2.0, table "Sensor Type Codes"). */
const BY_SENSOR_TYPE = new Map<number, EventKind>([
  [0x01, 'temperature'],
  [0x02, 'voltage'],
  [0x04, 'fan'],
  [0x07, 'processor'],
  [0x08, 'power-supply'],
  [0x0c, 'memory'],
  [CRITICAL_INTERRUPT, 'critical-interrupt'],
]);

/** Single sensor-specific events: sensor type, offset. */
const BY_OFFSET = new Map<string, EventKind>([
  ['5/0', 'chassis-intrusion'],
  ['16/2', 'log-cleared'],
  ['18/5', 'clock'],
  ['42/2', 'login-failed'],
]);

/** What the record is about, and the PCI error if it is one. */
export function classify(record: SelRecord, maker: BoardMaker): { readonly kind: EventKind; readonly pci?: PciError } {
  if (record.shape !== 'system') return { kind: 'other' };
  if (record.deasserted) return { kind: 'deassertion' };
  if (isFirstAcPowerOn(record)) return { kind: 'ac-power-on' };
  if (record.eventType !== SENSOR_SPECIFIC) return { kind: kindOfSensorType(record.sensorType) };
  if (record.sensorType === CRITICAL_INTERRUPT) {
    const pci = pciError(record.eventData, record.generator, maker);
    return pci ? { kind: 'pci-error', pci } : { kind: 'critical-interrupt' };
  }
  const offset = record.eventData[0] & 0x0f;
  return { kind: BY_OFFSET.get(`${record.sensorType}/${offset}`) ?? kindOfSensorType(record.sensorType) };
}

/** The kind of a sensor whose event is not known closer. */
export function kindOfSensorType(sensorType: number): EventKind {
  return BY_SENSOR_TYPE.get(sensorType) ?? 'other';
}

/**
 * Supermicro logs "[PWR-0020] First AC Power on" with these bytes (X13 and the boards of the web CGI). C8h is in the OEM
 * range, so the whole pattern is asked for and nothing is read out of other C8h events.
 */
function isFirstAcPowerOn(record: SystemRecord): boolean {
  const [one, two, three] = record.eventData;
  return (
    record.sensorType === 0xc8 &&
    record.sensorNumber === 0xff &&
    record.eventType === SENSOR_SPECIFIC &&
    one === 0xa0 &&
    two === 0xff &&
    three === 0xff
  );
}
