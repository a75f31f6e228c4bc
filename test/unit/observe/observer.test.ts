import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bug, DeviceRefused, DeviceSurprise, DeviceUnreachable, PartialResult } from '../../../src/core/errors.ts';
import { sample, type Metric } from '../../../src/core/sample.ts';
import { collector, device, heat, lines, observer } from '../../support/observed.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const good = collector('heat', async () => [sample(heat, { part: 'cpu' }, 40)], { metrics: [heat] });
const unreachable = new DeviceUnreachable({ device: 'b', tried: 'connect', found: 'timeout' });
const broken = collector('broken', () => Promise.reject(unreachable));
const never = () => new Promise<never>(() => undefined);
const turns = async (count = 20) => {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve));
};

test('a device that answers is up, with its samples and what the runner measured', async () => {
  const clock = new ManualClock(1_700_000_000_000);
  const { observer: eyes } = observer([device('a', good)], clock);
  assert.deepEqual(await lines(await eyes.observe({ deadlineMs: 1_000 })), [
    'unclog_device_up{device="a",driver="toy"} 1',
    'unclog_collector_success{device="a",collector="heat"} 1',
    'unclog_collector_duration_seconds{device="a",collector="heat"} 0',
    'unclog_collector_last_success_timestamp_seconds{device="a",collector="heat"} 1700000000',
    'toy_heat_celsius{device="a",part="cpu"} 40',
  ]);
});

test('a device of which every collector fails is down, and the others are answered', async () => {
  const { observer: eyes } = observer([device('a', good), device('b', broken)], new ManualClock());
  const page = await lines(await eyes.observe({ deadlineMs: 1_000 }));
  assert.ok(page.includes('unclog_device_up{device="a",driver="toy"} 1'));
  assert.ok(page.includes('unclog_device_up{device="b",driver="toy"} 0'));
  assert.ok(page.includes('unclog_collector_success{device="b",collector="broken"} 0'));
  assert.ok(!page.some(line => line.startsWith('unclog_collector_last_success') && line.includes('device="b"')));
});

test('a device that answers what we do not understand, or denies a right, is up; one that refuses our key is not', async () => {
  const facts = { device: 'x', tried: 'show', found: 'no' };
  const failing = (error: Error) => collector('c', () => Promise.reject(error));
  const { observer: eyes } = observer(
    [
      device('surprise', failing(new DeviceSurprise(facts))),
      device('role', failing(new DeviceRefused({ ...facts, why: 'role' }))),
      device('key', failing(new DeviceRefused({ ...facts, why: 'credentials' }))),
      device('trust', failing(new DeviceRefused({ ...facts, why: 'trust' }))),
    ],
    new ManualClock(),
  );
  const up = (await lines(await eyes.observe({ deadlineMs: 10 }))).filter(line => line.startsWith('unclog_device_up'));
  assert.deepEqual(
    up.map(line => line.slice(-1)),
    ['1', '1', '0', '0'],
  );
});

test('a collector that could read a part has failed, and its part is shown', async () => {
  const half = collector(
    'heat',
    () => Promise.reject(new PartialResult([sample(heat, { part: 'cpu' }, 40)], [unreachable])),
    { metrics: [heat] },
  );
  const dark = collector('heat', () => Promise.reject(new PartialResult([], [unreachable, unreachable])));
  const { observer: eyes } = observer([device('a', half), device('b', dark)], new ManualClock());
  assert.deepEqual(await lines(await eyes.observe({ deadlineMs: 10 })), [
    'unclog_device_up{device="a",driver="toy"} 1',
    'unclog_device_up{device="b",driver="toy"} 0',
    'unclog_collector_success{device="a",collector="heat"} 0',
    'unclog_collector_success{device="b",collector="heat"} 0',
    'unclog_collector_duration_seconds{device="a",collector="heat"} 0',
    'unclog_collector_duration_seconds{device="b",collector="heat"} 0',
    'toy_heat_celsius{device="a",part="cpu"} 40',
  ]);
});

test('a collector that is stopped by the deadline may hand over the part that it has', async () => {
  const clock = new ManualClock();
  const half = collector(
    'heat',
    signal =>
      new Promise((_resolve, reject) => {
        const part = new PartialResult([sample(heat, { part: 'cpu' }, 40)], [unreachable]);
        signal.addEventListener('abort', () => reject(part));
      }),
    { metrics: [heat] },
  );
  const { observer: eyes } = observer([device('a', half)], clock);
  const page = eyes.observe({ deadlineMs: 500 });
  await clock.advance(500);
  const found = await lines(await page);
  assert.ok(found.includes('toy_heat_celsius{device="a",part="cpu"} 40'), found.join('\n'));
  assert.ok(found.includes('unclog_collector_success{device="a",collector="heat"} 0'));
});

test('a collector that throws at once is a failed collector', async () => {
  const rash = collector('rash', () => {
    throw new Error('rash');
  });
  const { observer: eyes } = observer([device('a', rash)], new ManualClock());
  const page = await lines(await eyes.observe({ deadlineMs: 10 }));
  assert.ok(page.includes('unclog_collector_success{device="a",collector="rash"} 0'));
});

test('a collector that is not done by the deadline is stopped and reported, the rest is answered', async () => {
  const clock = new ManualClock();
  let stopped = false;
  const slow = collector('slow', signal => {
    signal.addEventListener('abort', () => (stopped = true));
    return never();
  });
  const { observer: eyes } = observer([device('a', good, slow)], clock);
  const answer = eyes.observe({ deadlineMs: 500 });
  await turns();
  await clock.advance(500);
  const page = await lines(await answer);
  assert.ok(page.includes('toy_heat_celsius{device="a",part="cpu"} 40'));
  assert.ok(page.includes('unclog_collector_success{device="a",collector="slow"} 0'));
  assert.ok(page.includes('unclog_collector_duration_seconds{device="a",collector="slow"} 0.5'));
  assert.ok(page.includes('unclog_device_up{device="a",driver="toy"} 1'));
  assert.ok(stopped);
});

test('scrapes at the same time share one run of a collector, and the first to give up does not stop it', async () => {
  const clock = new ManualClock();
  let runs = 0;
  let stopped = false;
  let finish: (() => void) | undefined;
  const shared = collector(
    'shared',
    async signal => {
      runs += 1;
      signal.addEventListener('abort', () => (stopped = true));
      await new Promise<void>(resolve => (finish = resolve));
      return [sample(heat, { part: 'cpu' }, runs)];
    },
    { metrics: [heat] },
  );
  const { observer: eyes } = observer([device('a', shared)], clock);
  const hasty = eyes.observe({ deadlineMs: 100 });
  const patient = eyes.observe({ deadlineMs: 1_000 });
  await turns();
  await clock.advance(100);
  const first = await lines(await hasty);
  finish?.();
  const second = await lines(await patient);
  assert.equal(runs, 1);
  assert.equal(stopped, false);
  assert.ok(first.includes('unclog_collector_success{device="a",collector="shared"} 0'));
  assert.ok(second.includes('toy_heat_celsius{device="a",part="cpu"} 1'));
});

test('a collector that ignores its signal is not started a second time while it hangs', async () => {
  const clock = new ManualClock();
  let runs = 0;
  const deaf = collector('deaf', () => {
    runs += 1;
    return never();
  });
  const { observer: eyes } = observer([device('a', deaf)], clock);
  for (let scrape = 0; scrape < 3; scrape++) {
    const answer = eyes.observe({ deadlineMs: 100 });
    await turns();
    await clock.advance(100);
    assert.ok((await lines(await answer)).includes('unclog_device_up{device="a",driver="toy"} 0'));
  }
  assert.equal(runs, 1);
});

test('only the devices and collectors asked for are read', async () => {
  const { observer: eyes } = observer([device('a', good, broken), device('b', good)], new ManualClock());
  const page = await lines(await eyes.observe({ devices: ['a'], collectors: ['heat'], deadlineMs: 10 }));
  assert.ok(page.every(line => line.includes('device="a"')));
  assert.ok(!page.some(line => line.includes('broken')));
});

test('what is left out is counted', async () => {
  const top: Metric = { name: 'toy_bytes', help: 'Bytes.', kind: 'gauge', labels: ['address'], limit: 1 };
  const noisy = collector(
    'noisy',
    async () => [sample(top, { address: '1' }, 1), sample(top, { address: '2' }, 2), sample(top, {}, 2)],
    { metrics: [top] },
  );
  const { observer: eyes, counts } = observer([device('a', noisy)], new ManualClock());
  await eyes.observe({ deadlineMs: 10 });
  assert.deepEqual(counts, { rejected: [['a', 'noisy', 'labels', 1]], dropped: [['a', 'toy_bytes', 1]] });
});

test('a collector with a cadence runs in the background; scrapes get its last result and its age until it is stale', async () => {
  const clock = new ManualClock(1_700_000_000_000);
  let runs = 0;
  let works = true;
  const dear = collector(
    'dear',
    async () => {
      runs += 1;
      if (!works) throw unreachable;
      return [sample(heat, { part: 'cpu' }, runs)];
    },
    { cadence: 60, metrics: [heat] },
  );
  const { observer: eyes } = observer([device('a', dear)], clock);
  const page = async () => lines(await eyes.observe({ deadlineMs: 10 }));
  assert.deepEqual(await page(), []);

  await eyes.background.tick();
  await eyes.background.tick();
  assert.equal(runs, 1);
  await clock.advance(20_000);
  assert.ok((await page()).includes('toy_heat_celsius{device="a",part="cpu"} 1'));
  assert.ok((await page()).includes('unclog_collector_age_seconds{device="a",collector="dear"} 20'));

  works = false;
  await clock.advance(40_000);
  await eyes.background.tick();
  assert.equal(runs, 2);
  assert.ok((await page()).includes('unclog_collector_success{device="a",collector="dear"} 0'));
  assert.ok((await page()).includes('toy_heat_celsius{device="a",part="cpu"} 1'));

  await clock.advance(121_000);
  assert.ok(!(await page()).some(line => line.startsWith('toy_heat') || line.includes('age_seconds')));
});

test('a collector with a cadence can be asked to run now', async () => {
  const dear = collector('dear', async () => [sample(heat, { part: 'cpu' }, 1)], { cadence: 60, metrics: [heat] });
  const { observer: eyes } = observer([device('a', dear)], new ManualClock());
  const page = await lines(await eyes.observe({ deadlineMs: 10, cadenced: 'now' }));
  assert.ok(page.includes('toy_heat_celsius{device="a",part="cpu"} 1'));
});

test('a background that was stopped starts nothing more', async () => {
  let runs = 0;
  const dear = collector(
    'dear',
    async () => {
      runs += 1;
      return [];
    },
    { cadence: 60 },
  );
  const { observer: eyes } = observer([device('a', dear)], new ManualClock());
  eyes.background.start();
  eyes.background.stop();
  await eyes.background.tick();
  assert.equal(runs, 0);
});

test('status tells how each device stood when it was last read, and why a collector failed', async () => {
  const clock = new ManualClock(1_700_000_000_000);
  const { observer: eyes } = observer([device('a', good, broken)], clock);
  assert.equal(eyes.status()[0]?.up, undefined);
  await eyes.observe({ deadlineMs: 10 });
  assert.deepEqual(eyes.status(), [
    {
      name: 'a',
      driver: 'toy',
      up: true,
      collectors: [
        { name: 'heat', cadence: 'scrape', success: true, durationMs: 0, lastSuccessAt: 1_700_000_000_000 },
        { name: 'broken', cadence: 'scrape', success: false, durationMs: 0, error: 'b: connect: timeout' },
      ],
    },
  ]);
});

test('metrics that contradict each other stop the service at its start', () => {
  const giving = (name: string, metric: Metric) => collector(name, async () => [], { metrics: [metric] });
  const cases: [RegExp, ReturnType<typeof device>[]][] = [
    [/collectors one and two both give toy_heat_celsius/, [device('a', giving('one', heat), giving('two', heat))]],
    [
      /toy_heat_celsius has another kind or other labels/,
      [device('a', giving('one', heat)), device('b', giving('one', { ...heat, labels: [] }))],
    ],
    [/unclog_x cannot be the name/, [device('a', giving('one', { ...heat, name: 'unclog_x' }))]],
    [/counters, and only they, end in _total/, [device('a', giving('one', { ...heat, kind: 'counter' }))]],
    [/the label device is set by the runner/, [device('a', giving('one', { ...heat, labels: ['device'] }))]],
    [/bad-label cannot be a label name/, [device('a', giving('one', { ...heat, labels: ['bad-label'] }))]],
    [/a label is named twice/, [device('a', giving('one', { ...heat, labels: ['x', 'x'] }))]],
  ];
  for (const [message, devices] of cases) {
    assert.throws(
      () => observer(devices),
      error => error instanceof Bug && message.test(error.message),
    );
  }
});
