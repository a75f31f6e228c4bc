import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { junosDeviceProcess } from '../support/junos-device.ts';
import { prepareGround, serveThere } from '../support/service.ts';

const SESSIONS = 100_000;

test('while 100,000 AH sessions are counted, /metrics goes on answering, and then shows them by peer', async t => {
  const simulated = await junosDeviceProcess(SESSIONS, 750);
  const ground = await prepareGround({ simulated: [simulated.device] });
  const service = await serveThere(ground);
  try {
    const times: number[] = [];
    let text = '';
    for (const deadline = performance.now() + 120_000; !text.includes('junos_ah_peers');) {
      assert.ok(performance.now() < deadline, 'the list was not counted within two minutes');
      const began = performance.now();
      text = await (await fetch(`${service.url}/metrics`)).text();
      times.push(performance.now() - began);
      await systemClock.sleep(50);
    }
    times.sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? Infinity;
    t.diagnostic(
      `${times.length} scrapes meanwhile: median ${median.toFixed(0)} ms, longest ${times.at(-1)?.toFixed(0)} ms`,
    );
    assert.ok(times.length > 5 && median < 500);
    assert.match(text, new RegExp(`^junos_ah_sessions\\{device="srx-vpn"\\} ${simulated.sessions}$`, 'm'));
    assert.match(text, /^junos_ah_peers\{device="srx-vpn"\} 750$/m);
    // Of open-ended metrics the largest hundred stay, and the rest is counted.
    assert.equal(text.match(/^junos_ah_peer_sessions\{/gm)?.length, 100);
    assert.match(text, /^unclog_series_dropped_total\{device="srx-vpn",metric="junos_ah_peer_sessions"\} [1-9]/m);
  } finally {
    await service.kill('SIGTERM');
    await ground.clear();
  }
});
