import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ChangeDetector } from '../../../../../src/devices/bmc/ipmi/change-detector.ts';
import { complaintOf } from '../../../../../src/devices/bmc/ipmi/complaint.ts';
import { parseManufacturer, parsePowerState, parseSelInfo } from '../../../../../src/devices/bmc/ipmi/replies.ts';
import { readRecords } from '../../../../../src/devices/bmc/sel/reading.ts';
import { firstSight } from '../../../../../src/devices/bmc/sel/tally.ts';
import { sharedDir, sharedMissing } from '../../../../support/shared.ts';

const shared = sharedDir();

test('Get SEL Info is read as its bytes stand', () => {
  const info = parseSelInfo(Buffer.from('511100300 0b14b095d000000000a'.replaceAll(' ', ''), 'hex'));
  assert.deepEqual(info, { entries: 17, freeBytes: 48, addedAt: 0x5d094bb1, erasedAt: 0, overflow: false });
  const full = parseSelInfo(Buffer.from('5114000000b14b095d000000008a', 'hex'));
  assert.equal(full?.overflow, true);
  assert.equal(full?.freeBytes, 0);
});

test('another version or length of it is not understood', () => {
  assert.equal(parseSelInfo(Buffer.from('021100300 0b14b095d000000000a'.replaceAll(' ', ''), 'hex')), undefined);
  assert.equal(parseSelInfo(Buffer.from('511100', 'hex')), undefined);
  assert.equal(parsePowerState(Buffer.from('01', 'hex')), undefined);
  assert.equal(parseManufacturer(Buffer.from('0003', 'hex')), undefined);
});

test('power and manufacturer are read from their bytes', () => {
  assert.equal(parsePowerState(Buffer.from('010000', 'hex')), 'on');
  assert.equal(parsePowerState(Buffer.from('600000', 'hex')), 'off');
  assert.equal(parseManufacturer(Buffer.from('000309080 29f7c2a000200000000'.replaceAll(' ', ''), 'hex')), 10_876);
});

test('a recorded raw log is the same 17 entries', { skip: shared === undefined && sharedMissing }, () => {
  const bytes = readFileSync(join(shared ?? '', 'device-outputs/bmc/sim-outputs/ipmitool-sel-writeraw.bin'));
  const reading = readRecords(bytes, 'other', 17);
  const { kinds, pci } = firstSight(reading, 0);
  const counts = Object.fromEntries([...kinds].map(([kind, { count }]) => [kind, count]));
  assert.deepEqual(counts, { 'chassis-intrusion': 7, 'pci-error': 4, 'ac-power-on': 6 });
  assert.deepEqual([...pci], [['serr 80:02.2'.replace(':', ' '), 4]]);
});

test('half a record at the end is told, and fewer records than declared are a truncated log', () => {
  const record = Buffer.from('020002124c015d33000413006fa58012', 'hex');
  const torn = readRecords(Buffer.concat([record, record.subarray(0, 9)]), 'other', 2);
  assert.deepEqual([torn.events.length, torn.undecoded, torn.truncated], [1, 1, false]);
  assert.equal(readRecords(record, 'other', 3).truncated, true);
});

const COMPLAINTS = [
  ['> RAKP 2 HMAC is invalid\nError: Unable to establish IPMI v2 / RMCP+ session', 'bad-hmac'],
  ['RAKP 2 message indicates an error : unauthorized name\nError: Unable to establish', 'refused credentials'],
  ['RAKP 2 message indicates an error : unauthorized role or privilege level requested', 'refused role'],
  ['RAKP 2 message indicates an error : insufficient resources for session', 'unreachable'],
  ['Get Auth Capabilities error\nError: Unable to establish IPMI v2 / RMCP+ session', 'unreachable'],
  ['Address lookup for nohost.invalid failed\nCould not open socket!', 'unreachable'],
  [
    'Invalid completion code received: Insufficient privilege level\nUnable to send RAW command (channel=0x0 netfn=0x0 lun=0x0 cmd=0x2 rsp=0xcc): Invalid data field in request',
    'refused denied',
  ],
  [
    'Unable to send RAW command (channel=0x0 netfn=0x0 lun=0x0 cmd=0x2 rsp=0xd4): Insufficient privilege level',
    'refused role',
  ],
  ['Segmentation fault', undefined],
] as const;

for (const [text, expected] of COMPLAINTS) {
  test(`"${text.split('\n').at(0)}" is ${expected ?? 'not known'}`, () => {
    const complaint = complaintOf(text);
    assert.equal(complaint && [complaint.kind, 'why' in complaint ? complaint.why : []].flat().join(' '), expected);
  });
}

test('a log is read again once after a change, then not until the next, and in full now and then', () => {
  const detector = new ChangeDetector();
  const info = { entries: 1, freeBytes: 9, addedAt: 5, erasedAt: 0, overflow: false };
  const reading = readRecords(Buffer.alloc(0), 'other', 0);
  assert.equal(detector.unchanged(info), undefined);
  detector.saw(info, reading);
  assert.equal(detector.unchanged(info), undefined, 'another entry may have come within the same second');
  detector.saw(info, reading);
  assert.equal(detector.unchanged(info), reading);
  assert.equal(detector.unchanged({ ...info, addedAt: 6 }), undefined);
  let looks = 0;
  while (detector.unchanged(info) !== undefined) looks += 1;
  assert.equal(looks, 238);
});
