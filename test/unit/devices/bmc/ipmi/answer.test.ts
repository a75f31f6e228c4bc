import assert from 'node:assert/strict';
import test from 'node:test';
import { complaints, isEmptyLog, rawAnswer } from '../../../../../src/devices/bmc/ipmi/answer.ts';

const REQUEST = 'RAW REQ (channel=0x0 netfn=0x0 lun=0x0 cmd=0x1 data_len=0)\n';
const NOT_SENT = 'Unable to send RAW command (channel=0x0 netfn=0x0 lun=0x0 cmd=0x1';

test('bytes are an answer when they are as many as ipmitool got', () => {
  assert.deepEqual(rawAnswer(' 01 00 00\n', `${REQUEST}RAW RSP (3 bytes)\n`), {
    kind: 'bytes',
    bytes: Buffer.from('010000', 'hex'),
  });
  const sixteen = ' 00'.repeat(16);
  const long = rawAnswer(`${sixteen}\n 01\n`, `${REQUEST}RAW RSP (17 bytes)\n`);
  assert.equal(long.kind === 'bytes' && long.bytes.length, 17);
  assert.deepEqual(rawAnswer('\n', `${REQUEST}RAW RSP (0 bytes)\n`), { kind: 'bytes', bytes: Buffer.alloc(0) });
});

const OTHERWISE: readonly (readonly [string, string, string, string])[] = [
  ['fewer bytes than ipmitool got', ' 01 00\n', `${REQUEST}RAW RSP (3 bytes)\n`, 'surprise'],
  ['bytes of which ipmitool says nothing', ' 01 00 00\n', '', 'surprise'],
  ['nothing at all', '', '', 'surprise'],
  ['words', 'Chassis Power is on\n', `${REQUEST}RAW RSP (3 bytes)\n`, 'surprise'],
  ['bytes with a complaint', ' 01 00 00\n', `${REQUEST}RAW RSP (3 bytes)\nsomething is odd\n`, 'surprise'],
  ['silence', '', `${REQUEST}${NOT_SENT})\n`, 'silence'],
  ['a completion code', '', `${REQUEST}${NOT_SENT} rsp=0xcc): Invalid data field in request\n`, 'refused'],
];

for (const [what, stdout, stderr, kind] of OTHERWISE) {
  test(`${what}: ${kind}`, () => {
    assert.equal(rawAnswer(stdout, stderr).kind, kind);
  });
}

test('an empty log is told apart from one that could not be read', () => {
  assert.equal(isEmptyLog('SEL has no entries\n'), true);
  assert.equal(isEmptyLog('SEL has no entries\nGet SEL Info command failed\n'), false);
  assert.equal(complaints(`${REQUEST}RAW RSP (3 bytes)\n`), '');
});
