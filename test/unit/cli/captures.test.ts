import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import type { Io } from '../../../src/cli/io.ts';
import { run } from '../../../src/cli/run.ts';
import { clientHello, serverFlight } from '../../../bench/captures/hellos.ts';
import { buildCapture, conversation } from '../../support/capture-builder.ts';
import { asPcapng, inFragments, recordsOf } from '../../support/capture-forms.ts';
import { studyBytes } from '../../support/captures.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NOISE = Buffer.alloc(4096, 0x5a);

function handshake(version: number): Buffer {
  return buildCapture(conversation(clientHello(version, 'shop.example.com', NOISE), [], serverFlight(version, NOISE)));
}

async function unclog(argv: readonly string[], stdin: Buffer = Buffer.alloc(0)) {
  const written = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr'): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += chunk.toString();
        done();
      },
    });
  let code = 0;
  const io: Io = {
    stdin: Readable.from([stdin], { objectMode: false }),
    stdout: into('stdout'),
    stderr: into('stderr'),
    env: {},
    stopping: new AbortController().signal,
    onReload: () => undefined,
    exit: wanted => {
      code = wanted;
    },
  };
  await run(['captures', ...argv], io);
  return { code, ...written };
}

test('the summary names versions, clients and servers', async t => {
  const path = join(temporaryFolder(t), 'new.pcap');
  writeFileSync(path, handshake(0x0304));
  const { code, stdout } = await unclog(['tls', path]);
  assert.equal(code, 0);
  assert.match(stdout, /^1 TLS connections\n/);
  assert.match(stdout, /TLSv1\.3 {2}10\.1\.0\.5 {2}10\.2\.0\.11 8080 {2}1 {12}shop\.example\.com/);
});

test('--below finds what is older, and says so with exit code 1', async t => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'a.pcap'), handshake(0x0301));
  writeFileSync(join(folder, 'b.pcap'), handshake(0x0303));
  writeFileSync(join(folder, 'notes.txt'), 'not a capture');
  const found = await unclog(['tls', '--below', '1.2', folder]);
  assert.equal(found.code, 1);
  assert.match(found.stdout, /^1 TLS connections older than TLSv1\.2\n/);
  assert.equal((await unclog(['tls', '--below', '1.0', folder])).code, 0);
});

test('standard input is read, and JSON has one object a line', async () => {
  const { code, stdout } = await unclog(['tls', '--json', '-'], handshake(0x0303));
  assert.equal(code, 0);
  const line = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(line['client'], { address: '10.1.0.5', port: 40_001 });
  assert.deepEqual([line['file'], line['negotiated'], line['evidence']], ['-', 'TLSv1.2', 'exact']);
});

test('a name in a capture is no formula in the CSV', async () => {
  const hello = clientHello(0x0303, '=cmd()', NOISE);
  const { stdout } = await unclog(['tls', '--csv', '-'], buildCapture(conversation(hello, [])));
  assert.match(stdout, /^file,first_seen,client,/);
  assert.match(stdout, /,'=cmd\(\),/);
});

test('a damaged capture is told with offset and reason, and what was found before it counts', async t => {
  const path = join(temporaryFolder(t), 'cut.pcap');
  writeFileSync(path, handshake(0x0303).subarray(0, -10));
  const { code, stdout, stderr } = await unclog(['tls', path]);
  assert.equal(code, 1);
  assert.match(stdout, /^1 TLS connections/);
  assert.match(
    stderr,
    /cut\.pcap: at byte \d+: the file ends in the middle of a record; \d+ packets were read before it/,
  );
});

test('usage errors have exit code 2', async t => {
  const empty = temporaryFolder(t);
  for (const argv of [
    ['tls'],
    ['tls', '--below', '9', 'x'],
    ['tls', '--workers', '0', 'x'],
    ['forwarded-for', 'nobody', 'x'],
  ]) {
    assert.equal((await unclog(argv)).code, 2, argv.join(' '));
  }
  const { code, stderr } = await unclog(['tls', join(empty, 'absent'), empty]);
  assert.equal(code, 2);
  assert.match(stderr, /absent: no such file or folder\n.*no captures in this folder/s);
});

test('a client behind a proxy is found and its connections written out', async t => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'backend.pcap');
  const out = join(folder, 'out.pcapng');
  const request = Buffer.from('GET /basket HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n');
  writeFileSync(path, buildCapture(conversation(request, [20])));
  const { code, stdout, stderr } = await unclog([
    'forwarded-for',
    '203.0.113.0/24',
    path,
    '--requests',
    '--extract',
    out,
  ]);
  assert.equal(code, 0);
  assert.match(stdout, /10\.1\.0\.5 40001 {2}10\.2\.0\.11 8080 {2}x-forwarded-for {2}203\.0\.113\.7 {2}1 /);
  assert.match(stdout, /2023-11-14T22:13:20\.002000Z {2}10\.1\.0\.5 40001 {2}203\.0\.113\.7 {2}GET \/basket/);
  assert.match(stderr, /4 packets written .*ip\.addr == 10\.1\.0\.5 && tcp\.port == 40001/);
  assert.equal((await studyBytes(readFileSync(out))).requests[0]?.request, 'GET /basket');
  assert.equal((await unclog(['forwarded-for', '203.0.113.7', path, '--extract', out])).code, 1);
  const none = await unclog(['forwarded-for', '203.0.113.70', path, '--extract', join(folder, 'none.pcapng')]);
  assert.equal(none.stdout, 'no connection carried 203.0.113.70\n');
  assert.equal(existsSync(join(folder, 'none.pcapng')), false);
});

test('all fragments of a packet are written out, and none of a packet that nobody wants', async t => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'fragments.pcapng');
  const out = join(folder, 'out.pcapng');
  const request = Buffer.from('GET /basket HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n');
  const wanted = recordsOf(buildCapture(conversation(request, [])));
  const other = recordsOf(
    buildCapture(
      conversation(Buffer.from(request.toString().replace('.7', '.8')), []).map(spec => ({ ...spec, port: 9 })),
    ),
  );
  const [first, second] = wanted.splice(2, 1).flatMap(packet => inFragments(packet, 32, 1));
  const [third, fourth] = other.splice(2, 1).flatMap(packet => inFragments(packet, 32, 2));
  const pieces = [third, first, fourth, second].filter(packet => packet !== undefined);
  writeFileSync(path, asPcapng([...wanted, ...other, ...pieces], false));
  const { stderr } = await unclog(['forwarded-for', '203.0.113.7', path, '--extract', out]);
  assert.match(stderr, /4 packets written/);
  assert.equal((await studyBytes(readFileSync(out))).requests.map(({ address }) => address).join(), '203.0.113.7');
});

test('a path that cannot be looked at is told in one line', async t => {
  const path = join(temporaryFolder(t), 'loop.pcap');
  symlinkSync(path, path);
  for (const workers of ['1', '2']) {
    const { code, stderr } = await unclog(['tls', '--workers', workers, path]);
    assert.equal(code, 2);
    assert.match(stderr, /^unclog: \S+loop\.pcap: ELOOP: [^\n]+\n$/);
  }
});
