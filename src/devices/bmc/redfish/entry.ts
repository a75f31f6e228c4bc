import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BoardMaker } from '../sel/board-maker.ts';
import { classify, kindOfSensorType } from '../sel/event-kind.ts';
import { logEvent, type LogEvent } from '../sel/log-event.ts';
import { calendarTime, decodeRecord, type SelRecord } from '../sel/record.ts';
import { sensorTypeByName } from './sensor-types.ts';

/** iDRAC7 and iDRAC8 wrap some values into `[{ Member }]`. */
const wrapped = z.union([
  z.string(),
  z.array(z.object({ Member: z.string() })).transform(members => members[0]?.Member),
]);

const hpe = z.object({ Count: z.int().min(1).optional(), Class: z.int().optional(), Code: z.int().optional() });

/** `LogEntry`, as far as it is used, in the shapes of several makers. */
const logEntry = z.object({
  Id: z.string(),
  Created: z.string().nullish(),
  EntryType: z.string().nullish(),
  EntryCode: wrapped.nullish(),
  SensorType: wrapped.nullish(),
  SensorNumber: z.int().nullish(),
  GeneratorId: z.string().nullish(),
  MessageId: z.string().nullish(),
  Message: z.string().nullish(),
  Oem: z
    .object({
      Supermicro: z
        .object({ RawEventData: z.object({ EventDirAndType: z.string(), SensorType: z.string() }).optional() })
        .optional(),
      Hpe: hpe.optional(),
      Hp: hpe.optional(),
    })
    .nullish(),
});
type LogEntry = z.output<typeof logEntry>;

/** Reads one entry. Undefined when it is none. */
export function readEntry(value: unknown, maker: BoardMaker): LogEvent | undefined {
  const parsed = logEntry.safeParse(value);
  if (!parsed.success) return undefined;
  const entry = parsed.data;
  const raw = supermicroRecord(entry);
  if (raw) return { ...withoutError(logEvent(raw, 'supermicro'), entry), id: entry.Id };
  const time = createdAt(entry);
  return {
    id: entry.Id,
    content: contentOf(entry),
    times: repeats(entry),
    ...meaning(entry, maker),
    ...(time === undefined || calendarTime(time) === undefined ? {} : { time }),
  };
}

/** An entry that is called a deassertion is no error, whatever its raw bytes say. */
function withoutError({ pci, ...event }: LogEvent, { EntryCode }: LogEntry): LogEvent {
  if (EntryCode === 'Deassert') return { ...event, kind: 'deassertion' };
  return pci ? { ...event, pci } : event;
}

/**
 * Supermicro from X12 on gives the raw event: MessageId holds event data 1 to 3, RawEventData the sensor type and
 * byte 13. Put together again, it is the record that IPMI shows of the same event.
 */
function supermicroRecord(entry: LogEntry): SelRecord | undefined {
  const raw = entry.Oem?.Supermicro?.RawEventData;
  const data = hexBytes(entry.MessageId, 3);
  const type = hexBytes(raw?.SensorType, 1);
  const direction = hexBytes(raw?.EventDirAndType, 1);
  const generator = hexBytes(entry.GeneratorId, 2);
  const number = entry.SensorNumber;
  if (!data || !type || !direction || !generator || number === null || number === undefined) return undefined;
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(1, 0);
  bytes.writeUInt8(0x02, 2);
  bytes.writeUInt32LE(Math.max(0, Math.min(createdAt(entry) ?? 0xffff_ffff, 0xffff_ffff)), 3);
  bytes.set([...generator.toReversed(), 0x04, ...type, number & 0xff, ...direction, ...data], 7);
  return decodeRecord(bytes);
}

/** What the entry is about. Ambiguous or unknown ones are `other`, and never a PCI error. */
function meaning(entry: LogEntry, maker: BoardMaker): Pick<LogEvent, 'kind' | 'pci'> {
  if (entry.EntryCode === 'Deassert') return { kind: 'deassertion' };
  const sensorType = sensorTypeByName(entry.SensorType ?? '');
  if (sensorType === undefined) return { kind: 'other' };
  // LogEntry 1.21: byte 13, then event data 1 to 3. iDRAC9 leaves the "0x" out.
  const schema = hexBytes(entry.MessageId, 4);
  if (schema) return classify(systemRecord(entry, sensorType, schema), maker);
  // Three bytes are event data without the event type (AMI, DMTF's own examples): the offset means nothing alone.
  return { kind: hexBytes(entry.MessageId, 3) ? kindOfSensorType(sensorType) : 'other' };
}

function systemRecord(
  entry: LogEntry,
  sensorType: number,
  [direction = 0, one = 0, two = 0, three = 0]: Buffer,
): SelRecord {
  return {
    shape: 'system',
    id: 1,
    raw: '',
    content: '',
    type: 0x02,
    generator: hexBytes(entry.GeneratorId, 2)?.readUInt16BE() ?? 0,
    sensorType,
    sensorNumber: entry.SensorNumber ?? 0,
    eventType: direction & 0x7f,
    deasserted: (direction & 0x80) !== 0,
    eventData: [one, two, three],
  };
}

/** HPE folds repeats into one entry and counts them; `Updated` and `Repaired` change later and are no part of it. */
function repeats(entry: LogEntry): number {
  return (entry.Oem?.Hpe ?? entry.Oem?.Hp)?.Count ?? 1;
}

function contentOf(entry: LogEntry): string {
  const { Class = null, Code = null } = entry.Oem?.Hpe ?? entry.Oem?.Hp ?? {};
  const { Created, EntryType, EntryCode, SensorType, SensorNumber, GeneratorId, MessageId, Message } = entry;
  const said = [Created, EntryType, EntryCode, SensorType, SensorNumber, GeneratorId, MessageId, Message, Class, Code];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32);
}

/** Seconds since the epoch. Undefined when the entry has no time that can be read. */
function createdAt(entry: LogEntry): number | undefined {
  const ms = /^\d{4}-\d\d-\d\dT/.test(entry.Created ?? '') ? Date.parse(entry.Created ?? '') : NaN;
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1_000);
}

/** Exactly so many bytes of hex, with or without `0x`. */
function hexBytes(text: string | null | undefined, length: number): Buffer | undefined {
  const digits = /^(?:0x)?([0-9a-f]+)$/i.exec(text ?? '')?.[1];
  return digits?.length === 2 * length ? Buffer.from(digits, 'hex') : undefined;
}
