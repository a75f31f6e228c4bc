import assert from 'node:assert/strict';
import { test } from 'node:test';
import { junosDevice } from '../../src/simulators/junos/device.ts';
import { type JunosSimulator, startJunosSimulator } from '../../src/simulators/junos/simulator.ts';
import {
  alertOf,
  casesOf,
  eventually,
  type Ground,
  notificationOf,
  postWebhook,
  prepareGround,
  runCli,
  serveHere,
  serveThere,
} from '../support/service.ts';

const AH = { min_total_sessions: 5_001, min_peer_sessions: 1_000 };
const alert = alertOf({ alertname: 'JunosAhSessionsHigh', device: 'srx-vpn', remedy: 'junos/clear-ah-peers' });

async function prepare(mode: string, onCall?: (command: string) => void) {
  const sim = await startJunosSimulator({ name: 'srx-vpn', onCall: ({ command }) => onCall?.(command) });
  const remedies = { 'junos/clear-ah-peers': { mode, cooldown: '0s', max_actions_per_hour: 100 } };
  const ground = await prepareGround({ simulated: [junosDevice(sim, AH)], remedies });
  const [tunnel] = sim.srx.peers[0]?.tunnels ?? [];
  if (tunnel) tunnel.stale = 6_000;
  return { sim, ground };
}

function ended(url: string) {
  return eventually('the case to come to rest', async () => {
    const [found] = await casesOf(url);
    return found?.endedAt === undefined ? undefined : found;
  });
}

function applied(sim: JunosSimulator): readonly string[] {
  return sim
    .changes()
    .filter(call => call.applied)
    .map(call => call.command);
}

test('a dry run shows the statements of the on-box script and sends no clear', async () => {
  const { sim, ground } = await prepare('dry-run');
  const app = await serveHere(ground);
  try {
    await postWebhook(app.url, notificationOf(alert));
    const subject = await ended(app.url);
    assert.equal(subject.state, 'planned');
    assert.deepEqual(
      subject.plan?.actions.flatMap(action => action.calls),
      [
        'clear security ike security-associations 10.0.0.1',
        'clear security ipsec security-associations index 67108865',
        'clear security ipsec security-associations index 67108866',
        'clear security ipsec security-associations index 67108867',
      ],
    );
    assert.deepEqual(sim.changes(), []);
  } finally {
    await app.stop();
    await ground.clear();
  }
});

/** Kills the service with SIGKILL when the n-th clear arrives, done or not; then starts it again and lets it finish. */
async function killAtClear(n: number, done: boolean) {
  let clears = 0;
  const kill = Promise.withResolvers<void>();
  const { sim, ground } = await prepare('auto', command => {
    if (!command.startsWith('clear ')) return;
    clears += 1;
    if (clears === n) kill.resolve();
  });
  try {
    if (!done) orderHang(sim, n);
    const service = await serveThere(ground);
    await postWebhook(service.url, notificationOf(alert));
    await kill.promise;
    await service.kill('SIGKILL');
    const sentBefore = sim.changes().length;
    const again = await serveThere(ground);
    const subject = await ended(again.url);
    await again.kill('SIGTERM');
    return { sim, subject, sentBefore, verified: await verifyChain(ground) };
  } finally {
    await ground.clear();
  }
}

function orderHang(sim: JunosSimulator, n: number): void {
  const command = n === 1 ? 'clear security ike' : `clear security ipsec security-associations index ${67_108_863 + n}`;
  sim.fault({ kind: 'hang', command });
}

function verifyChain(ground: Ground) {
  return runCli(['cases', 'verify', '--config.file', ground.configFile]);
}

for (const done of [true, false]) {
  for (const n of [1, 2, 3, 4]) {
    const what = n === 1 ? 'the IKE clear' : `IPsec clear ${n - 1}`;
    test(`killed at ${what}, which the device ${done ? 'did' : 'never did'}: the rest is decided from a fresh read`, async () => {
      const { sim, subject, sentBefore, verified } = await killAtClear(n, done);
      assert.equal(subject.state, 'verified', `${subject.reason} ${subject.detail}`);
      assert.equal(subject.verdict?.effect, 'effective', subject.detail);
      const commands = applied(sim);
      assert.equal(new Set(commands).size, commands.length, `nothing is done twice: ${commands.join(' | ')}`);
      assert.equal(commands.filter(command => command.includes(' ike ')).length, 1);
      assert.ok(sentBefore >= n);
      // What freed the sessions may have been among the calls before the kill: then nothing is left to do.
      assert.ok(commands.includes('clear security ipsec security-associations index 67108865'));
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    });
  }
}
