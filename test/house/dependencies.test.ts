import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files, read } from '../support/repository.ts';

interface Package {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read('package.json')) as Package;
const { dependencies, devDependencies, optionalDependencies } = manifest;
const decisions = files('docs/adr/*.md');

test('every package is pinned to one version', () => {
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
  }
});

test('the lock file has the versions of package.json', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Readonly<Record<string, { version?: string; integrity?: string }>>;
  };
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
    assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name);
  }
  for (const [path, { integrity }] of Object.entries(lock.packages)) {
    assert.ok(path === '' || integrity !== undefined, `${path} has no checksum`);
  }
});

test('the reason for every package that is shipped stands in docs/adr', () => {
  const text = decisions.map(read).join('\n');
  for (const name of Object.keys(dependencies)) assert.ok(text.includes(`\`${name}\``), `${name} has no decision`);
});

test('decisions are numbered without gaps, and each tells its status, its reasons and its price', () => {
  decisions.forEach((path, index) => {
    const number = String(index + 1).padStart(4, '0');
    assert.match(path, new RegExp(`^docs/adr/${number}-[a-z0-9-]+\\.md$`));
    const text = read(path);
    assert.match(text, new RegExp(`^# ${number} `), path);
    for (const part of ['Status:', '## Decision', '## Reasons', '## Price'])
      assert.ok(text.includes(part), `${path}: ${part}`);
  });
  assert.ok(decisions.length > 5);
});

test('the image, the packages for older hosts and engines agree on Node', () => {
  const [bundled] = new Set(Object.values(optionalDependencies));
  assert.match(read('Dockerfile'), new RegExp(`^FROM node:${bundled}-`, 'm'));
  assert.equal(manifest.engines.node, `>=${bundled?.split('.')[0]}`);
  assert.deepEqual(new Set(Object.values(optionalDependencies)).size, 1);
});
