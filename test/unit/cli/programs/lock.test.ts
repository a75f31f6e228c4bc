import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { withLock } from '../../../../src/cli/programs/lock.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'unclog-lock-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('processes that want the same lock work one after the other', async () => {
  const lock = join(folder, 'shared.lock');
  const log = join(folder, 'log');
  const module = resolve(import.meta.dirname, '../../../../src/cli/programs/lock.ts');
  const script = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(module)};
    await withLock(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in\\n');
      await new Promise(done => setTimeout(done, 50));
      appendFileSync(${JSON.stringify(log)}, 'out\\n');
    });`;
  const children = [1, 2, 3, 4].map(() => spawn(process.execPath, ['--input-type=module', '-e', script]));
  for (const child of children) if (child.exitCode === null) await once(child, 'exit');
  assert.equal(readFileSync(log, 'utf8'), 'in\nout\n'.repeat(4));
  assert.equal(existsSync(lock), false);
});

test('the lock of a process that died is taken over', async () => {
  const lock = join(folder, 'dead.lock');
  writeFileSync(lock, String(spawnSync('true').pid));
  assert.equal(await withLock(lock, async () => 'done'), 'done');
});

test('a lock is given back when the work fails', async () => {
  const lock = join(folder, 'failing.lock');
  await assert.rejects(
    withLock(lock, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(existsSync(lock), false);
});
