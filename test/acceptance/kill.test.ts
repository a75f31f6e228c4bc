import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLedger } from '../../src/app/ledger.ts';
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
    const chain = await withLedger(`sqlite:${join(ground.folder, 'unclog.db')}`, store => store.verifyChain());
    return { happened, subject, simulator, chain };
  } finally {
    await ground.clear();
  }
}

// The second round differs only around the lost answer, so it need not stop at every request.
for (const { loseFirstAnswer, step } of [
  { loseFirstAnswer: false, step: 1 },
  { loseFirstAnswer: true, step: 3 },
]) {
  const name = loseFirstAnswer ? ', with the answer to the first discard lost' : '';
  test(`killed at every request of a case${name}: nothing is lost and no discard is repeated`, async () => {
    for (let n = 1; ; n += step) {
      const { happened, subject, simulator, chain } = await killAtRequest(n, loseFirstAnswer);
      assert.equal(subject.state, 'verified', `request ${n}: ${subject.reason} ${subject.detail}`);
      const applied = simulator.changes().filter(call => call.applied);
      const commands = applied.map(call => call.command);
      assert.equal(new Set(commands).size, commands.length, `request ${n}: ${commands.join(' | ')}`);
      assert.ok(commands.length >= 1);
      assert.equal(chain.intact, true);
      if (happened === 'finished') {
        assert.ok(n > 8, 'a case takes more requests than that');
        break;
      }
    }
  });
}
