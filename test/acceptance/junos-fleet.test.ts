import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import type { SimulatedDevice } from '../../src/simulators/device.ts';
import { junosDevice } from '../../src/simulators/junos/device.ts';
import { type JunosSimulator, startJunosSimulator } from '../../src/simulators/junos/simulator.ts';
import { prepareGround, serveHere } from '../support/service.ts';

const DEVICES = 200;

/** A device that takes connections and never says a word. */
async function deadDevice(like: SimulatedDevice): Promise<SimulatedDevice> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => sockets.add(socket)).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const addresses = [`ssh://127.0.0.1:${(server.address() as AddressInfo).port}`];
  return {
    ...like,
    name: 'dead',
    addresses,
    files: [],
    entry: folder => ({ ...like.entry(folder), name: 'dead', addresses }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

async function scrape(url: string, seconds = 10): Promise<{ readonly text: string; readonly ms: number }> {
  const began = performance.now();
  const headers = { 'x-prometheus-scrape-timeout-seconds': String(seconds) };
  const text = await (await fetch(url, { headers })).text();
  return { text, ms: performance.now() - began };
}

/** Of the devices that live, the longest that a collector of every scrape took, in seconds. */
function slowest(text: string): number {
  const found = text.matchAll(/^unclog_collector_duration_seconds\{device="srx-\d+",collector="flow"\} (\S+)$/gm);
  return Math.max(...[...found].map(match => Number(match[1])));
}

test(`${DEVICES} devices are scraped at once, each over one connection that stays, and a dead one delays no other`, async t => {
  const sims: JunosSimulator[] = [];
  for (let n = 0; n < DEVICES; n += 1) sims.push(await startJunosSimulator({ name: `srx-${n}`, peers: 3 }));
  const simulated = sims.map(sim => junosDevice(sim, {}));
  const [first] = simulated;
  assert.ok(first);
  const ground = await prepareGround({ simulated: [...simulated, await deadDevice(first)] });
  const app = await serveHere(ground);
  try {
    // Both ends of 200 handshakes are worked out in this one process: that is not what a real fleet costs.
    const cold = await scrape(`${app.url}/metrics`, 60);
    const warm = await scrape(`${app.url}/metrics`);
    t.diagnostic(`slowest of the living: first scrape ${slowest(cold.text)} s, second ${slowest(warm.text)} s`);
    assert.ok(slowest(warm.text) < 5, 'a scrape of living devices took too long');
    for (const { text } of [cold, warm]) {
      assert.equal(text.match(/^unclog_device_up\{.*\} 1$/gm)?.length, DEVICES);
      assert.match(text, /^unclog_device_up\{device="dead",driver="junos"\} 0$/m);
      assert.equal(text.match(/^junos_flow_sessions\{/gm)?.length, DEVICES);
    }
    assert.deepEqual([...new Set(sims.map(sim => sim.connections().opened))], [1]);
    const alone = await scrape(`${app.url}/probe?target=srx-7`);
    assert.ok(alone.ms < 1_000, `a probe of one device took ${alone.ms} ms`);
    assert.match(alone.text, /^junos_flow_sessions\{device="srx-7"/m);
  } finally {
    await app.stop();
    await ground.clear();
  }
});
