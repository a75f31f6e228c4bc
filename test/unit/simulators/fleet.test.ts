import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Agent, request } from 'undici';
import { parse } from 'yaml';
import { startControl } from '../../../src/simulators/control.ts';
import { startFleet, writeClientFiles } from '../../../src/simulators/fleet.ts';

describe('the simulated fleet', () => {
  it('writes a devices section whose files open every address', async test => {
    const fleet = await startFleet();
    test.after(() => fleet.close());
    const folder = await temporaryFolder(test);
    await writeFile(join(folder, 'fw-edge.key'), 'an old key, readable by all', { mode: 0o644 });
    const { devices } = parse(await readFile(await writeClientFiles(fleet, folder), 'utf8')) as Configuration;
    const [firewall] = devices;
    assert.ok(firewall);
    assert.deepEqual([firewall.name, firewall.driver, firewall.addresses.length], ['fw-edge', 'panos', 2]);
    const key = await readFile(firewall.credentials.api_key_file, 'utf8');
    const agent = new Agent({ connect: { ca: await readFile(firewall.tls.ca_file, 'utf8') } });
    test.after(() => agent.destroy());
    for (const address of firewall.addresses) {
      const answer = await request(`${address}/api/?type=version`, {
        dispatcher: agent,
        headers: { 'x-pan-key': key },
      });
      await answer.body.dump();
      assert.equal(answer.statusCode, 200);
    }
    const { mode } = await stat(firewall.credentials.api_key_file);
    assert.equal(mode & 0o777, 0o600);
  });

  it('refuses a device that it does not know', async () => {
    await assert.rejects(startFleet(['fw-edge', 'fw-core']), /no simulated device fw-core; known are fw-edge/);
  });
});

describe('the control plane of the fleet', () => {
  it('lists devices, orders trouble and faults, and tells the calls', async test => {
    const { ask, fleet } = await controlled(test);
    const list = (await ask('GET', '/devices')).body as { name: string; members: { state: string }[] }[];
    assert.deepEqual(
      list.map(({ name, members }) => [name, members.map(({ state }) => state)]),
      [['fw-edge', ['active', 'passive']]],
    );
    const trouble = await ask('POST', '/devices/fw-edge/trouble', { kind: 'abuse', sessions: 2, raiseTo: 90 });
    assert.equal((trouble.body as { sessions: number[] }).sessions.length, 2);
    const { members } = (await ask('GET', '/devices/fw-edge')).body as { members: { dataplanes: Dataplane[] }[] };
    assert.deepEqual(
      members[0]?.dataplanes.map(({ name, packetBuffer }) => [name, packetBuffer]),
      [
        ['s1dp0', 7],
        ['s1dp1', 90],
      ],
    );
    assert.equal((await ask('POST', '/devices/fw-edge/faults', { kind: 'reset-after', times: 2 })).status, 201);
    const agent = new Agent({ connect: { ca: fleet.devices[0]?.files[1]?.text ?? '' } });
    test.after(() => agent.destroy());
    const call = () => request(`${fleet.devices[0]?.addresses[0]}/api/?type=version`, { dispatcher: agent });
    await assert.rejects(call());
    assert.equal((await ask('DELETE', '/devices/fw-edge/faults')).status, 200);
    await (await call()).body.dump();
    const calls = (await ask('GET', '/devices/fw-edge/calls')).body as {
      type: string;
      fault?: string;
      status?: number;
    }[];
    assert.deepEqual(
      calls.map(({ type, fault, status }) => ({ type, fault, status })),
      [
        { type: 'version', fault: 'reset-after', status: undefined },
        { type: 'version', fault: undefined, status: 403 },
      ],
    );
    assert.deepEqual((await ask('GET', '/devices/fw-edge/calls?changes=true')).body, []);
  });

  const wrong: readonly (readonly [method: Method, path: string, order: unknown, status: number, error: RegExp])[] = [
    ['GET', '/', undefined, 404, /nothing at \//],
    ['GET', '/devices/srx', undefined, 404, /no device srx; known are fw-edge/],
    ['GET', '/devices/%', undefined, 400, /URI malformed/],
    ['GET', '//', undefined, 404, /nothing at/],
    ['POST', '/devices/fw-edge/reboot', {}, 405, /POST reboot is not known/],
    ['POST', '/devices/fw-edge/faults', { kind: 'slow' }, 400, /ms/],
    ['POST', '/devices/fw-edge/faults', { kind: 'earthquake' }, 400, /kind/],
    ['POST', '/devices/fw-edge/faults', { kind: 'empty', colour: 'red' }, 400, /colour/],
    ['POST', '/devices/fw-edge/trouble', 'not JSON', 400, /JSON/],
    [
      'POST',
      '/devices/fw-edge/trouble',
      { kind: 'abuse', member: 'x' },
      400,
      /no member x; members are fw-edge-1, fw-edge-2/,
    ],
    [
      'POST',
      '/devices/fw-edge/trouble',
      { kind: 'abuse', source: 'x'.repeat(1_000_001) },
      400,
      /at most 1000000 bytes/,
    ],
  ];
  it('refuses orders that make no sense, and says why', async test => {
    const { ask } = await controlled(test);
    for (const [method, path, order, status, error] of wrong) {
      const answer = await ask(method, path, order);
      assert.equal(answer.status, status, path);
      assert.match((answer.body as { error: string }).error, error);
    }
  });

  it('listens on loopback only', async test => {
    const fleet = await startFleet();
    test.after(() => fleet.close());
    await assert.rejects(startControl(fleet, '0.0.0.0', 0), /127\.0\.0\.1 or ::1 only, not on 0\.0\.0\.0/);
  });
});

type Method = 'GET' | 'POST' | 'DELETE';

interface Dataplane {
  readonly name: string;
  readonly packetBuffer: number;
}

interface Configuration {
  readonly devices: readonly {
    readonly name: string;
    readonly driver: string;
    readonly addresses: readonly string[];
    readonly credentials: { readonly api_key_file: string };
    readonly tls: { readonly ca_file: string };
  }[];
}

async function controlled(test: TestContext) {
  const fleet = await startFleet(['fw-edge']);
  const control = await startControl(fleet, '127.0.0.1', 0);
  test.after(async () => {
    await control.close();
    await fleet.close();
  });
  const ask = async (method: Method, path: string, order?: unknown) => {
    const body = order === undefined ? null : typeof order === 'string' ? order : JSON.stringify(order);
    const answer = await fetch(`${control.url}${path}`, { method, body });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  return { fleet, control, ask };
}

async function temporaryFolder(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unclog-fleet-'));
  test.after(() => rm(folder, { recursive: true }));
  return folder;
}
