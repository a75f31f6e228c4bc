import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { drivers } from '../../src/devices/registry.ts';
import { startFleet } from '../../src/simulators/fleet.ts';
import { files, read, root } from '../support/repository.ts';

const folders = [...new Set(files('src/devices/*/*').map(path => path.split('/')[2] ?? ''))];
const remedies = drivers.flatMap(driver => driver.remedies);
const exists = (path: string) => existsSync(join(root, path));

test('every device folder explains itself, and has a page for users', () => {
  assert.ok(folders.length > 0);
  for (const folder of folders) {
    for (const file of ['README.md', 'config.ts', 'session.ts', 'index.ts']) {
      assert.ok(exists(`src/devices/${folder}/${file}`), `src/devices/${folder}/${file}`);
    }
    assert.ok(exists(`docs/devices/${folder}.md`), `docs/devices/${folder}.md`);
  }
});

test('every device has a simulator', () => {
  for (const folder of folders) assert.ok(exists(`src/simulators/${folder}`), `src/simulators/${folder}`);
});

/** Drivers whose devices no simulator of ours speaks for, and where they are proven instead. */
const provenElsewhere: Readonly<Record<string, string>> = {
  // IPMI 2.0 is tested against OpenIPMI's own BMC.
  ipmi: 'test/support/bmc/ipmi-sim.ts',
};

test('every driver stands in the demo’s fleet', async () => {
  const fleet = await startFleet();
  const simulated = new Set(fleet.devices.map(device => device.driver));
  await fleet.close();
  const missing = drivers.map(driver => driver.name).filter(name => !simulated.has(name));
  assert.deepEqual(missing, Object.keys(provenElsewhere));
  for (const place of Object.values(provenElsewhere)) assert.ok(exists(place), place);
});

test('drivers, collectors and remedies have names of their own', () => {
  const unique = (names: readonly string[]) => assert.equal(new Set(names).size, names.length, names.join(', '));
  unique(drivers.map(driver => driver.name));
  for (const driver of drivers) {
    unique(driver.collectors.map(collector => collector.name));
    unique(driver.remedies.map(remedy => remedy.name));
    for (const collector of driver.collectors) assert.match(collector.name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const remedy of driver.remedies) assert.match(remedy.name, /^[a-z]+\/[a-z]+(-[a-z]+)*$/);
  }
});

test('a metric means the same wherever it comes from', () => {
  const seen = new Map<string, string>();
  for (const metric of drivers.flatMap(driver => driver.collectors).flatMap(collector => collector.metrics)) {
    const { help, kind, labels } = metric;
    const meaning = JSON.stringify({ help, kind, labels });
    assert.equal(seen.get(metric.name) ?? meaning, meaning, metric.name);
    seen.set(metric.name, meaning);
  }
});

test('every remedy has a section in docs/REMEDIES.md, and no other', () => {
  const documented = [...read('docs/REMEDIES.md').matchAll(/^## ([a-z]+\/[a-z-]+)$/gm)].map(match => match[1]);
  assert.deepEqual(documented.sort(), [...new Set(remedies.map(remedy => remedy.name))].sort());
});

test('every remedy’s section names each of its options', () => {
  const sections = read('docs/REMEDIES.md').split(/^## /m);
  for (const { name, options } of remedies) {
    const section = sections.find(text => text.startsWith(`${name}\n`)) ?? '';
    const shape = (options as { shape?: Readonly<Record<string, unknown>> }).shape ?? {};
    for (const option of Object.keys(shape)) assert.ok(section.includes(`\`${option}\``), `${name}: ${option}`);
  }
});

test('a collector stands in the file of its name, and so does a remedy', () => {
  for (const { collectors, remedies } of drivers) {
    const places = [
      ...collectors.map(({ name }) => `collectors/${name}`),
      ...remedies.map(({ name }) => `remedies/${name.split('/')[1]}`),
    ];
    for (const place of places) {
      assert.ok(files(`src/devices/*/${place}{.ts,/index.ts}`).length > 0, `no ${place}`);
    }
  }
});

test('every remedy and every collector has tests', () => {
  const tests = files('test/{unit,conformance}/**/*.test.ts');
  const helpers = files('test/support/**/*.ts');
  for (const { collectors, remedies } of drivers) {
    const names = [
      ...collectors.map(collector => collector.name),
      ...remedies.map(({ name }) => name.split('/')[1] ?? name),
    ];
    for (const name of names) {
      const named = new RegExp(`devices/.*\\b${name}\\b|\\b${name}\\b.*devices/|'${name}'`);
      assert.ok(
        [...tests, ...helpers].some(file => named.test(file) || named.test(read(file))),
        `${name} has no test`,
      );
    }
  }
});
