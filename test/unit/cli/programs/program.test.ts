import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { program } from '../../../../src/cli/programs/program.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'unclog-programs-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function executable(path: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '#!/bin/sh\necho here\n');
  chmodSync(path, 0o755);
  return path;
}

/** Serves a release archive of Alertmanager under a list of checksums. */
async function releases(sum: (archive: Buffer) => string): Promise<{ server: Server; url: string; asked: string[] }> {
  const stem = `alertmanager-0.28.1.${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const source = mkdtempSync(join(folder, 'release-'));
  for (const name of ['alertmanager', 'amtool']) executable(join(source, stem, name));
  assert.equal(spawnSync('tar', ['-czf', join(source, 'a.tar.gz'), '-C', source, stem]).status, 0);
  const archive = readFileSync(join(source, 'a.tar.gz'));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(request.url?.endsWith('sha256sums.txt') ? `${sum(archive)}  ${stem}.tar.gz\n` : archive);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { server, url: `http://127.0.0.1:${address.port}`, asked };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('the machine’s own program is taken, under Debian’s name too', async () => {
  const bin = join(folder, 'bin');
  const path = executable(join(bin, 'prometheus-alertmanager'));
  assert.equal(await program('alertmanager', { path: bin, tools: join(folder, 'none') }), path);
});

test('a program that was fetched earlier is taken without asking anyone', async () => {
  const tools = join(folder, 'earlier');
  const path = executable(join(tools, 'prometheus/usr/bin/promtool'));
  assert.equal(await program('promtool', { path: '', tools, apt: false, releases: 'http://127.0.0.1:9' }), path);
});

test('without apt the release archive is fetched, checked and unpacked once for all who ask', async () => {
  const tools = join(folder, 'tools-release');
  const { server, url, asked } = await releases(sha256);
  const said: string[] = [];
  const options = { path: '', tools, apt: false, releases: url, say: (line: string) => void said.push(line) };
  const paths = await Promise.all([
    program('alertmanager', options),
    program('amtool', options),
    program('alertmanager', options),
  ]);
  server.close();
  assert.deepEqual(
    paths.map(path => path.slice(tools.length)),
    ['launch/alertmanager', 'usr/bin/amtool', 'launch/alertmanager'].map(path => `/prometheus-alertmanager/${path}`),
  );
  assert.equal(spawnSync(paths[0] ?? '', { encoding: 'utf8' }).stdout, 'here\n');
  assert.equal(asked.length, 2);
  assert.equal(said.length, 1);
  assert.deepEqual(readdirSync(tools), ['prometheus-alertmanager']);
});

test('an archive with another checksum is refused, and nothing of it stays', async () => {
  const tools = join(folder, 'tools-wrong');
  const { server, url } = await releases(() => '0'.repeat(64));
  await assert.rejects(program('amtool', { path: '', tools, apt: false, releases: url, say: () => {} }), {
    name: 'Refusal',
    reason: 'program-missing',
    message: /SHA-256 is [0-9a-f]{64}, the release says 0{64}/,
  });
  server.close();
  assert.deepEqual(readdirSync(tools), []);
});

test('a program that cannot be had is an error that says what to install', async () => {
  const options = { path: '', tools: join(folder, 'no'), apt: false, releases: 'http://127.0.0.1:9', say: () => {} };
  await assert.rejects(program('ipmi_sim', options), {
    message:
      'ipmi_sim is not on this machine and could not be fetched: there is no apt-get here, and no other source is known\n' +
      'install it and put it on the PATH as ipmi_sim; on Debian and Ubuntu: apt-get install openipmi',
  });
});
