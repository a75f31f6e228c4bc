import type { JsonObject } from '../../../core/json.ts';
import type { StoredRecord } from '../sel.ts';

export type Vendor = 'supermicro' | 'dell' | 'hpe' | 'openbmc';

/** Names of the sensor types as Redfish spells them; OEM types have none. */
const SENSOR_TYPES: Readonly<Record<number, string>> = {
  0x05: 'Physical Chassis Security',
  0x10: 'Event Logging Disabled',
  0x13: 'Critical Interrupt',
  0x2a: 'Session Audit',
};

/** A record as the vendor's BMC shows it. */
export function entryOf(record: StoredRecord, vendor: Vendor, collection: string): JsonObject {
  const common = {
    '@odata.id': `${collection}/${record.id}`,
    '@odata.type': '#LogEntry.v1_9_0.LogEntry',
    Id: String(record.id),
    Name: `Log Entry ${record.id}`,
    Created: new Date(record.time * 1_000).toISOString().replace('.000Z', 'Z'),
    Severity: record.event[3] === 0x13 ? 'Critical' : 'OK',
  };
  return { ...common, ...SHAPES[vendor](record) };
}

const SHAPES: Readonly<Record<Vendor, (record: StoredRecord) => JsonObject>> = { supermicro, dell, hpe, openbmc };

function supermicro({ event }: StoredRecord): JsonObject {
  const [low, high, , type, number, direction, ...data] = event;
  const named = SENSOR_TYPES[type];
  return {
    EntryType: 'SEL',
    EntryCode: entryCode(direction),
    ...(named ? { SensorType: named } : { OemSensorType: type === 0xc8 ? 'AC Power On' : 'OEM' }),
    SensorNumber: number,
    Message: messageOf(type),
    MessageId: `0x${hex(data).toUpperCase()}`,
    GeneratorId: `0x${hex([high, low])}`,
    Oem: {
      Supermicro: {
        MarkAsAcknowledged: false,
        RawEventData: {
          EventDirAndType: `0x${hex([direction]).toUpperCase()}`,
          SensorType: `0x${hex([type]).toUpperCase()}`,
          SensorName: null,
        },
      },
    },
  };
}

/** Four bytes in lower case without `0x`. Dell's own order of bus and device is for its BIOS; here the bytes go through. */
function dell({ event }: StoredRecord): JsonObject {
  const [low, high, , type, number, direction, ...data] = event;
  return {
    EntryType: 'SEL',
    EntryCode: entryCode(direction),
    SensorType: SENSOR_TYPES[type] ?? null,
    SensorNumber: number,
    Message: messageOf(type),
    MessageId: hex([direction, ...data]),
    GeneratorId: `0x${hex([high, low])}`,
    Links: {},
  };
}

function hpe({ id, time, event }: StoredRecord): JsonObject {
  const Updated = new Date(time * 1_000).toISOString();
  return {
    EntryType: 'Oem',
    OemRecordFormat: 'Hpe-IML',
    Message: messageOf(event[3]),
    Oem: { Hpe: { Class: 19, Code: event[6], Count: 1, EventNumber: id, Repaired: false, Updated } },
  };
}

function openbmc({ event }: StoredRecord): JsonObject {
  const [, , , type, number, direction, ...data] = event;
  return {
    EntryType: 'SEL',
    EntryCode: entryCode(direction),
    SensorType: SENSOR_TYPES[type] ?? null,
    SensorNumber: number,
    Message: messageOf(type),
    MessageId: `0x${hex([direction, ...data])}`,
    GeneratorId: '0x0033',
  };
}

function entryCode(direction: number): string {
  return (direction & 0x80) === 0 ? 'Assert' : 'Deassert';
}

function messageOf(type: number): string {
  if (type === 0x13) return 'A bus error was detected on a component.';
  return type === 0x05 ? 'The chassis is open.' : 'An event occurred.';
}

function hex(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('hex');
}
