import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Case } from '../../src/core/case.ts';
import {
  alertOf,
  casesOf,
  eventually,
  type Ground,
  notificationOf,
  postWebhook,
  prepareGround,
  runCli,
  serveThere,
  type ServiceProcess,
} from '../support/service.ts';

let ground: Ground;
let service: ServiceProcess;

before(async () => {
  ground = await prepareGround({ remedies: { 'panos/discard-sessions': { mode: 'approve' } } });
  service = await serveThere(ground);
});

after(async () => {
  await service?.kill('SIGTERM');
  await ground?.clear();
});

function unclog(...args: readonly string[]) {
  return runCli([...args, '--config.file', ground.configFile]);
}

function changes() {
  return (
    ground.fleet
      .device('fw-edge')
      ?.calls()
      .filter(call => call['changes'] === true) ?? []
  );
}

test('help names every command and exits 0, a wrong command exits 2', async () => {
  const help = await runCli(['--help']);
  assert.equal(help.code, 0);
  for (const verb of ['serve', 'demo', 'simulate', 'config', 'probe', 'plan', 'cases', 'blocks', 'store']) {
    assert.match(help.stdout, new RegExp(`^ {2}${verb}\\b`, 'm'));
    assert.equal((await runCli([verb, '--help'])).code, 0);
  }
  const wrong = await runCli(['frobnicate']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /unknown command 'frobnicate'/);
});

test('config writes a schema, and an example that passes its own check', async () => {
  const schema = JSON.parse((await runCli(['config', 'schema'])).stdout) as { properties: object };
  assert.ok('devices' in schema.properties);
  const example = await runCli(['config', 'example']);
  assert.equal(example.code, 0);
  assert.match(example.stdout, /devices:/);
  const checked = await runCli(['config', 'check', ground.configFile]);
  assert.equal(checked.code, 0, checked.stdout);
  assert.match(checked.stdout, /is valid: 1 device/);
});

test('a configuration that is not there is an error that names the file', async () => {
  const { code, stderr } = await runCli(['probe', 'fw-edge', '--config.file', '/nowhere/unclog.yml']);
  assert.equal(code, 2);
  assert.match(stderr, /\/nowhere\/unclog\.yml/);
});

test('probe prints one device and refuses what is not configured', async () => {
  const { code, stdout } = await unclog('probe', 'fw-edge', '--collector', 'packet-buffer');
  assert.equal(code, 0);
  assert.match(stdout, /^panos_packet_buffer_ratio\{device="fw-edge",/m);
  assert.doesNotMatch(stdout, /panos_sessions/);
  const unknown = await unclog('probe', 'fw-core');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /device fw-core is not configured; known: fw-edge/);
});

test('plan shows what would be done on the live device and changes nothing', async () => {
  const quiet = await unclog('plan', 'panos/discard-sessions', 'fw-edge');
  assert.equal(quiet.code, 0);
  assert.match(quiet.stdout, /^nothing to do: /);
  ground.fleet.device('fw-edge')?.makeTrouble({ kind: 'abuse', sessions: 2, raiseTo: 92 });
  const { code, stdout } = await unclog('plan', 'panos/discard-sessions', 'fw-edge');
  assert.equal(code, 0);
  assert.equal(stdout.match(/> .*request session-discard/g)?.length, 2);
  const asJson = JSON.parse((await unclog('plan', 'panos/discard-sessions', 'fw-edge', '--json')).stdout) as {
    kind: string;
  };
  assert.equal(asJson.kind, 'plan');
  assert.deepEqual(changes(), []);
  const unknown = await unclog('plan', 'panos/reboot', 'fw-edge');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stdout, /refused \(unknown-remedy\)/);
});

test('cases can be listed, shown, approved and verified from the command line', async () => {
  ground.fleet.device('fw-edge')?.makeTrouble({ kind: 'abuse', sessions: 1, raiseTo: 92 });
  assert.equal((await postWebhook(service.url, notificationOf(alertOf({})))).status, 200);
  const waiting = await eventually('the case to wait', async () => {
    const [subject] = await casesOf(service.url);
    return subject?.state === 'awaiting-approval' ? subject : undefined;
  });
  const listed = await unclog('cases', 'list');
  assert.match(listed.stdout, new RegExp(`${waiting.id}.*awaiting-approval`));
  const open = JSON.parse((await unclog('cases', 'list', '--open', '--json')).stdout) as readonly Case[];
  assert.equal(open.length, 1);
  const short = waiting.id.slice(0, 8);
  const shown = await unclog('cases', 'show', short);
  assert.match(shown.stdout, /> .*request session-discard/);
  assert.match(shown.stdout, /awaiting-approval/);
  const stale = await unclog('cases', 'approve', short, '--plan', '0000000000000000', '--url', service.url);
  assert.equal(stale.code, 1);
  assert.match(stale.stderr, /look again/);
  const approved = await unclog('cases', 'approve', short, '--url', service.url);
  assert.equal(approved.code, 0, approved.stderr);
  await eventually('the approved case', async () => {
    const [subject] = await casesOf(service.url);
    return subject?.state === 'verified' ? subject : undefined;
  });
  const verified = await unclog('cases', 'verify');
  assert.equal(verified.code, 0);
  assert.match(verified.stdout, /^intact: \d+ entries, head [0-9a-f]{64}$/m);
  const missing = await unclog('cases', 'show', 'feedbeef');
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /there is no case feedbeef/);
});

test('the ledger can be backed up beside the running service and checked', async () => {
  const copy = join(ground.folder, 'copy.db');
  const backup = await unclog('store', 'backup', copy);
  assert.equal(backup.code, 0, backup.stderr);
  assert.match(backup.stdout, /sound, \d+ entries/);
  assert.equal((await unclog('store', 'check')).code, 0);
  await writeFile(copy, 'not a ledger');
  const restore = await unclog('store', 'restore', copy);
  assert.equal(restore.code, 1, 'the service holds the ledger, and the copy is unsound');
});

test('a second service on the same ledger refuses to start', async () => {
  const { code, stderr } = await unclog('serve', '--web.listen-address', '127.0.0.1:0');
  assert.equal(code, 1);
  assert.match(stderr, /in use/);
});

test('blocks can be listed when there are none, and releasing an unknown one is an error', async () => {
  const listed = await unclog('blocks', 'list');
  assert.equal(listed.code, 0);
  assert.match(listed.stdout, /^ID +DEVICE/);
  const released = await unclog('blocks', 'release', 'feedbeef', '--url', service.url);
  assert.equal(released.code, 1);
  assert.match(released.stderr, /there is no case feedbeef/);
});
