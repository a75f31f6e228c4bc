import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { classify } from '../../../../../src/devices/bmc/sel/event-kind.ts';
import { pciError } from '../../../../../src/devices/bmc/sel/pci-error.ts';
import { decodeHex, decodeRecord, type EventData } from '../../../../../src/devices/bmc/sel/record.ts';
import { sharedDir, sharedMissing } from '../../../../support/shared.ts';

const shared = sharedDir();
const skip = shared === undefined && sharedMissing;

interface DecodedVector {
  readonly hex: string;
  readonly xml_time: string;
  readonly record_id: number;
  readonly record_type: number;
  readonly timestamp: number;
  readonly generator_id: number;
  readonly sensor_type: number;
  readonly sensor_number: number;
  readonly event_type: number;
  readonly deassert: boolean;
  readonly event_data: EventData;
  readonly offset: number;
  readonly bus?: number;
  readonly device?: number;
  readonly function?: number;
}

test('every field of a probe’s 17 records is decoded', { skip }, () => {
  const vectors = recorded('sel/seed_sel_decoded.json') as readonly DecodedVector[];
  assert.equal(vectors.length, 17);
  for (const vector of vectors) {
    const record = decodeHex(vector.hex);
    assert(record?.shape === 'system', vector.hex);
    assert.equal(record.id, vector.record_id);
    assert.equal(record.type, vector.record_type);
    assert.equal(record.time, vector.timestamp);
    assert.equal(record.time, Date.parse(`${vector.xml_time.replaceAll('/', '-').replace(' ', 'T')}Z`) / 1_000);
    assert.equal(record.generator, vector.generator_id);
    assert.equal(record.sensorType, vector.sensor_type);
    assert.equal(record.sensorNumber, vector.sensor_number);
    assert.equal(record.eventType, vector.event_type & 0x7f);
    assert.equal(record.deasserted, vector.deassert);
    assert.deepEqual(record.eventData, vector.event_data);
    assert.equal(record.eventData[0] & 0x0f, vector.offset);
    const { pci } = classify(record, 'supermicro');
    assert.equal(pci?.bus, vector.bus?.toString(16).padStart(2, '0'));
    const place = vector.device === undefined ? undefined : `${hex(vector.device)}.${vector.function}`;
    assert.equal(pci?.deviceFunction, place);
  }
});

test('the same 17 records are 4 PCI errors, 6 power-ons and 7 intrusions', { skip }, () => {
  const vectors = recorded('sel/seed_sel_decoded.json') as readonly DecodedVector[];
  const kinds = Object.groupBy(vectors, ({ hex }) => {
    const record = decodeHex(hex);
    assert(record);
    return classify(record, 'other').kind;
  });
  const counts = Object.fromEntries(Object.entries(kinds).map(([kind, members]) => [kind, members.length]));
  assert.deepEqual(counts, { 'pci-error': 4, 'ac-power-on': 6, 'chassis-intrusion': 7 });
});

test('a board maker’s own examples of PCI event data are read as its manual reads them', { skip }, () => {
  const { vectors } = recorded('sel/vendor_pci_sel_vectors.json') as {
    vectors: readonly { what: string; ed: readonly [string, string, string] }[];
  };
  const read = vectors.map(({ what, ed }) => {
    const [one, two, three] = ed;
    return [what, pciError([Number(one), Number(two), Number(three)], 0x33, 'intel')];
  });
  assert.deepEqual(read, [
    ['PCI PERR, failing device is not known', { error: 'perr' }],
    ['PCI SERR, failing device is not known', { error: 'serr' }],
    ['PCI PERR, device 3, function 1 on PCI bus 5', { error: 'perr', bus: '05', deviceFunction: '03.1' }],
    ['an unknown device on PCI bus 0 reported the SERR', { error: 'serr', bus: '00' }],
  ]);
});

const OFFSETS = [
  [0x0, undefined],
  [0x1, undefined],
  [0x2, undefined],
  [0x3, undefined],
  [0x4, 'perr'],
  [0x5, 'serr'],
  [0x6, undefined],
  [0x7, 'correctable'],
  [0x8, 'non-fatal'],
  [0x9, undefined],
  [0xa, 'fatal'],
  [0xb, 'degraded'],
  [0xc, undefined],
] as const;

for (const [offset, error] of OFFSETS) {
  test(`offset ${offset.toString(16)} of a critical interrupt is ${error ?? 'no PCI error'}`, () => {
    const record = decodeHex(`010002124c015d33000413006f${(0xa0 | offset).toString(16)}8012`);
    assert(record);
    const { kind, pci } = classify(record, 'supermicro');
    assert.equal(kind, error ? 'pci-error' : 'critical-interrupt');
    assert.equal(pci?.error, error);
  });
}

test('Dell writes device and function first, then the bus or a slot', () => {
  assert.deepEqual(pciError([0xa5, 0x1a, 0x05], 0xb1, 'dell'), { error: 'serr', bus: '05', deviceFunction: '03.2' });
  assert.deepEqual(pciError([0xa0, 0x00, 0x87], 0xb1, 'dell'), { error: 'pcie', deviceFunction: 'slot-7' });
  assert.deepEqual(pciError([0x25, 0x1a, 0x05], 0xb1, 'dell'), { error: 'serr', bus: '05' });
  assert.deepEqual(pciError([0x05, 0xff, 0xff], 0xb1, 'dell'), { error: 'serr' });
});

test('the place is left out when nobody knows who wrote it', () => {
  assert.deepEqual(pciError([0xa5, 0x80, 0x12], 0x20, 'other'), { error: 'serr' });
  assert.deepEqual(pciError([0xa5, 0x80, 0x12], 0x33, 'other'), { error: 'serr', bus: '80', deviceFunction: '02.2' });
});

test('a deassertion is a recovery and not a new error', () => {
  const record = decodeHex('010002124c015d3300041300efa58012');
  assert(record);
  assert.deepEqual(classify(record, 'supermicro'), { kind: 'deassertion' });
});

test('a critical interrupt of another event type is no PCI error', () => {
  const record = decodeHex('010002124c015d330004130003a58012');
  assert(record);
  assert.equal(classify(record, 'supermicro').kind, 'critical-interrupt');
});

test('OEM records keep their time up to type DFh and have none after', () => {
  const timed = decodeHex('1600c0124c015d7c2a00090909090909');
  const timeless = decodeHex('1700e0010203040506070809101112');
  assert.equal(timed?.shape, 'oem');
  assert.equal(timed?.time, 0x5d014c12);
  assert.equal(timeless, undefined);
  const whole = decodeHex('1700e001020304050607080910111213');
  assert.equal(whole?.shape, 'oem');
  assert.equal(whole?.time, undefined);
  assert.equal(whole && classify(whole, 'supermicro').kind, 'other');
});

test('a record of an unheard-of type is kept and not interpreted', () => {
  const record = decodeHex('010003124c015d33000413006fa58012');
  assert.equal(record?.shape, 'unknown');
  assert.equal(record && classify(record, 'supermicro').kind, 'other');
});

test('a time before the BMC’s clock was set, or marked invalid, is no time', () => {
  assert.equal(decodeHex('010002120000003300041300 6fa58012'.replace(' ', ''))?.time, undefined);
  assert.equal(decodeHex('010002ffffffff33000413006fa58012')?.time, undefined);
  assert.equal(decodeHex('0100020000002033000413006fa58012')?.time, 0x20000000);
});

test('ids that mean first and last are no records', () => {
  assert.equal(decodeHex('000002124c015d33000413006fa58012'), undefined);
  assert.equal(decodeHex('ffff02124c015d33000413006fa58012'), undefined);
});

test('any 16 bytes are decoded or refused, and the content never depends on the id', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 0, maxLength: 20 }),
      fc.uint8Array({ minLength: 2, maxLength: 2 }),
      (bytes, id) => {
        const record = decodeRecord(bytes);
        if (bytes.length !== 16) return assert.equal(record, undefined);
        if (!record) return assert.ok([0x0000, 0xffff].includes(Buffer.from(bytes).readUInt16LE(0)));
        classify(record, 'dell');
        classify(record, 'other');
        assert.equal(record.raw, Buffer.from(bytes).toString('hex'));
        const other = decodeRecord(Buffer.from([...id, ...bytes.slice(2)]));
        if (other) assert.equal(other.content, record.content);
      },
    ),
  );
});

function recorded(file: string): unknown {
  return JSON.parse(readFileSync(join(shared ?? '', 'device-outputs/bmc', file), 'utf8'));
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
