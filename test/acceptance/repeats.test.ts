import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { App } from '../../src/app/app.ts';
import { sharedDir, sharedMissing } from '../support/shared.ts';
import { casesOf, eventually, type Ground, postWebhook, prepareGround, serveHere } from '../support/service.ts';

/** What a recorded file holds: one body, or a sequence of bodies under some key. */
type Recorded = Record<string, unknown> | readonly Record<string, unknown>[];

let ground: Ground;
let app: App;

before(async () => {
  ground = await prepareGround({ remedies: { 'panos/discard-sessions': { mode: 'auto', cooldown: '1h' } } });
  app = await serveHere(ground);
});

after(async () => {
  await app.stop();
  await ground.clear();
});

/** Every notification body in a recording, in order, wherever it stands. */
function bodiesIn(value: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(bodiesIn);
  if (value === null || typeof value !== 'object') return [];
  const object = value as Record<string, unknown>;
  if (Array.isArray(object['alerts'])) return [object];
  return Object.values(object).flatMap(bodiesIn);
}

/** The recorded body, made to ask for our remedy now. */
function aimed(body: Record<string, unknown>, startsAt: string): object {
  const alerts = (body['alerts'] as readonly Record<string, unknown>[]).map(alert => ({
    ...alert,
    startsAt,
    labels: { ...(alert['labels'] as object), device: 'fw-edge', remedy: 'panos/discard-sessions' },
  }));
  return { ...body, alerts };
}

test(
  'recorded repeats, HA copies, flaps and false resolves of an Alertmanager lead to one action',
  { skip: sharedDir() === undefined && sharedMissing },
  async () => {
    const folder = join(sharedDir() ?? '', 'device-outputs/alertmanager');
    const files = [
      'am025-repeat.json',
      'am025-ha-unclustered-duplicates.json',
      'am025-ha-cluster-sequence.json',
      'am025-ha-cluster-flap-sequence.json',
      'am025-false-resolved-on-scrape-failure.json',
    ];
    const device = ground.fleet.device('fw-edge');
    device?.makeTrouble({ kind: 'abuse', sessions: 2, raiseTo: 92 });
    const startsAt = new Date().toISOString();
    let sent = 0;
    for (const file of files) {
      const recorded = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recorded;
      const bodies = bodiesIn(recorded);
      assert.ok(bodies.length > 0, `${file} holds notifications`);
      for (const body of bodies) {
        assert.equal((await postWebhook(app.url, aimed(body, startsAt))).status, 200);
        sent += 1;
      }
    }
    assert.ok(sent >= 10);
    const acted = await eventually('the case to come to rest', async () => {
      const cases = await casesOf(app.url);
      return cases.length > 0 && cases.every(subject => subject.endedAt !== undefined) ? cases : undefined;
    });
    assert.deepEqual(
      acted.map(subject => subject.state),
      ['verified'],
    );
    const discards = device?.calls().filter(call => call['changes'] === true) ?? [];
    assert.equal(discards.length, 2, 'one discard for each of the two sessions');
  },
);
