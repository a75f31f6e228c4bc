import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { files, root } from '../support/repository.ts';

const config = join(root, '.dependency-cruiser.js');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const scratch = mkdtempSync(join(tmpdir(), 'unclog-imports-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { name: string } }[];
  };
}

interface Rules {
  readonly forbidden: readonly { readonly name: string; readonly comment?: string }[];
}

function cruise(folder: string): Cruise['summary'] {
  const args = [cruiser, '--config', config, '--output-type', 'json', 'src'];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  assert.notEqual(stdout, '', stderr);
  return (JSON.parse(stdout) as Cruise).summary;
}

/** A source tree in which the first file of each pair imports a value from the second. */
function treeWith(pairs: readonly (readonly [from: string, to: string])[]): string {
  const folder = mkdtempSync(join(scratch, 'tree-'));
  for (const [from, to] of pairs) {
    const path = `${'../'.repeat(from.split('/').length - 1)}${to}`;
    put(folder, to, 'export const value = 1;\n');
    put(folder, from, `import { value } from './${path}';\nexport const other = value;\n`);
  }
  symlinkSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  put(folder, 'package.json', '{ "type": "module" }\n');
  return folder;
}

function put(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

test('imports run downwards only, and every source file was looked at', () => {
  const { violations, totalCruised } = cruise(root);
  const told = violations.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`);
  assert.deepEqual(told, []);
  const sources = files('src/**/*.ts').length;
  assert.ok(totalCruised >= sources, `cruised ${totalCruised} modules of ${sources} source files and their packages`);
});

const forbidden: readonly (readonly [from: string, to: string, rule: string])[] = [
  ['src/core/a.ts', 'src/store/contract.ts', 'core-downwards'],
  ['src/transport/b.ts', 'src/devices/contract.ts', 'transport-downwards'],
  ['src/devices/panos/c.ts', 'src/devices/junos/session.ts', 'drivers-downwards'],
  ['src/devices/panos/d.ts', 'src/store/contract.ts', 'drivers-downwards'],
  ['src/observe/e.ts', 'src/remediate/intake.ts', 'observe-downwards'],
  ['src/remediate/f.ts', 'src/observe/observer.ts', 'remediate-downwards'],
  ['src/remediate/g.ts', 'src/store/sqlite/open.ts', 'remediate-downwards'],
  ['src/remediate/h.ts', 'src/devices/panos/index.ts', 'one-list-of-drivers'],
  ['src/store/i.ts', 'src/http/app.ts', 'store-downwards'],
  ['src/http/j.ts', 'src/transport/http-client.ts', 'http-downwards'],
  ['src/config/k.ts', 'src/devices/registry.ts', 'config-downwards'],
  ['src/captures/l.ts', 'src/transport/http-client.ts', 'captures-downwards'],
  ['src/simulators/m.ts', 'src/devices/panos/commands.ts', 'simulators-downwards'],
  ['src/cli/n.ts', 'src/remediate/intake.ts', 'cli-downwards'],
  ['src/core/o.ts', 'test/support/alerts.ts', 'no-tests-in-the-product'],
];

test('every forbidden way from room to room is caught', () => {
  const found = cruise(treeWith(forbidden.map(([from, to]) => [from, to]))).violations;
  const told = found.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`);
  for (const [from, to, rule] of forbidden) {
    assert.ok(told.includes(`${rule}: ${from} imports ${to}`), `${from} imports ${to}, and ${rule} did not see it`);
  }
});

test('every import rule says why it is there and what to do', () => {
  const { forbidden: rules } = (createRequire(import.meta.url)(config) as { default: Rules }).default;
  for (const rule of rules) assert.match(rule.comment ?? '', /^.{20,}\.$/, rule.name);
});
