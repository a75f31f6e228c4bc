import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panosDevice } from '../../src/simulators/panos/device.ts';
import { type PanosSimulator, startPanosSimulator } from '../../src/simulators/panos/simulator.ts';
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
} from '../support/service.ts';

const remedies = { 'panos/discard-sessions': { mode: 'auto', threshold: 80, cooldown: '0s' } };

async function prepare(): Promise<{ simulator: PanosSimulator; ground: Ground }> {
  const simulator = await startPanosSimulator({ name: 'fw-edge', highAvailability: 'active-passive' });
  const ground = await prepareGround({ simulated: [panosDevice(simulator)], remedies });
  simulator.abuse({ sessions: 2, raiseTo: 92 });
  return { simulator, ground };
}

/** Kills the service with SIGKILL when the firewall gets its n-th request; then starts it again and lets it finish. */
async function killAtRequest(n: number, loseFirstAnswer: boolean) {
  const { simulator, ground } = await prepare();
  try {
    const service = await serveThere(ground);
    let requests = 0;
    const killed = Promise.withResolvers<void>();
    simulator.fault({
      kind: 'slow',
      ms: 0,
      times: 'always',
      command: () => {
        requests += 1;
        if (requests === n) void service.kill('SIGKILL').then(killed.resolve);
        return false;
      },
    });
    if (loseFirstAnswer) simulator.fault({ kind: 'reset-after', command: 'request session-discard', times: 1 });
    assert.equal((await postWebhook(service.url, notificationOf(alertOf({})))).status, 200);
    const finished = eventually('the case or the kill', async () => {
      const [subject] = await casesOf(service.url).catch(() => []);
      return subject?.endedAt === undefined ? undefined : true;
    }).catch(() => true);
    const happened = await Promise.race([killed.promise.then(() => 'killed'), finished.then(() => 'finished')]);
    await service.kill('SIGKILL');
    const again = await serveThere(ground);
    const subject = await eventually('the case to come to rest', async () => {
      const [found] = await casesOf(again.url);
      return found?.endedAt === undefined ? undefined : found;
    });
    await again.kill('SIGTERM');
    const verified = await runCli(['cases', 'verify', '--config.file', ground.configFile]);
    return { happened, subject, simulator, verified };
  } finally {
    await ground.clear();
  }
}

for (const loseFirstAnswer of [false, true]) {
  const name = loseFirstAnswer ? ', with the answer to the first discard lost' : '';
  test(`killed at every request of a case${name}: nothing is lost and no discard is repeated`, async () => {
    for (let n = 1; ; n += 1) {
      const { happened, subject, simulator, verified } = await killAtRequest(n, loseFirstAnswer);
      assert.equal(subject.state, 'verified', `request ${n}: ${subject.reason} ${subject.detail}`);
      const applied = simulator.changes().filter(call => call.applied);
      const commands = applied.map(call => call.command);
      assert.equal(new Set(commands).size, commands.length, `request ${n}: ${commands.join(' | ')}`);
      assert.ok(commands.length >= 1);
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
      if (happened === 'finished') {
        assert.ok(n > 8, 'a case takes more requests than that');
        break;
      }
    }
  });
}
