import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { Refusal } from '../../../src/core/errors.ts';
import type { Store } from '../../../src/store/contract.ts';
import { openStore } from '../../../src/store/open.ts';
import { backupStore, checkStore, restoreStore } from '../../../src/store/restore.ts';
import { received } from '../../support/case-events.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 10, 21, 2, 30);

interface Place {
  readonly folder: string;
  readonly file: string;
  readonly url: string;
  readonly backup: string;
}

function place(context: TestContext): Place {
  const folder = temporaryFolder(context);
  const file = join(folder, 'unclog.db');
  return { folder, file, url: `sqlite:${file}`, backup: join(folder, 'backup.db') };
}

async function open(store: Store, count: number, tag: string): Promise<void> {
  const openings = Array.from({ length: count }, (_, index) => ({
    id: `${tag}-${index}`,
    event: received({ target: { kind: 'user', value: `${tag} ${index}` } }),
  }));
  await store.open(openings, 1);
}

async function count(url: string): Promise<number> {
  const store = await openStore(url, { readOnly: true });
  try {
    return (await store.cases({ limit: 10_000 })).length;
  } finally {
    await store.close();
  }
}

function refusal(reason: string, says: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.reason, reason);
    assert.match(error.message, says);
    return true;
  };
}

test('a backup is made beside a running service, is checked, and brings everything back', async context => {
  const { folder, file, url, backup } = place(context);
  const store = await openStore(url);
  await open(store, 30, 'old');
  await store.remember('bmc', 'sel', { last: 3 });
  const made = await backupStore(url, backup);
  assert.ok(made.sound && made.entries === 30);
  assert.equal(statSync(backup).mode & 0o777, 0o600);
  await open(store, 5, 'later');
  await store.close();

  const restored = await restoreStore(url, backup, NOW);
  const aside = `${file}.before-restore-20261121T023000000Z`;
  assert.deepEqual(restored, { file, aside, entries: 30, head: made.head });
  assert.equal(await count(url), 30);
  assert.equal(await count(`sqlite:${aside}`), 35, 'the old ledger is kept');
  const again = await openStore(url);
  assert.deepEqual(await again.recall('bmc', 'sel'), { last: 3 });
  await open(again, 1, 'new');
  assert.equal((await again.verifyChain()).entries, 31);
  await again.close();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const left = readdirSync(folder).filter(name => name.includes('restoring'));
  assert.deepEqual(left, [], 'nothing half-done is left');
});

test('a backup never overwrites', async context => {
  const { url, backup } = place(context);
  const store = await openStore(url);
  writeFileSync(backup, 'precious');
  await assert.rejects(store.backup(backup), refusal('backup-exists', /exists and is left as it is; name a new file/));
  assert.equal(readFileSync(backup, 'utf8'), 'precious');
  await assert.rejects(store.backup(join(backup, 'x', 'y.db')), refusal('store-unreadable', /cannot be used/));
  await store.close();
});

test('a ledger in memory is backed up too', async context => {
  const { backup } = place(context);
  const store = await openStore('sqlite::memory:');
  await open(store, 3, 'a');
  await store.backup(backup);
  await store.close();
  assert.equal((await checkStore(`sqlite:${backup}`)).sound, true);
});

test('restoring where no ledger stands needs nothing aside', async context => {
  const { folder, url, backup } = place(context);
  const store = await openStore(url);
  await open(store, 2, 'a');
  await backupStore(url, backup);
  await store.close();
  const elsewhere = join(folder, 'new', 'unclog.db');
  const restored = await restoreStore(`sqlite:${elsewhere}`, backup, NOW);
  assert.equal(restored.aside, undefined);
  assert.equal(await count(`sqlite:${elsewhere}`), 2);
});

test('the commits of a service that was killed stay with the ledger that is kept aside', async context => {
  const { folder, file, url, backup } = place(context);
  const store = await openStore(url);
  await open(store, 1, 'old');
  await backupStore(url, backup);
  await open(store, 4, 'later');
  const killed = join(folder, 'killed.db');
  for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${killed}${suffix}`);
  await store.close();
  const restored = await restoreStore(`sqlite:${killed}`, backup, NOW);
  assert.equal(await count(`sqlite:${killed}`), 1);
  assert.equal(await count(`sqlite:${restored.aside ?? ''}`), 5);
});

test('nothing is replaced while a service runs', async context => {
  const { url, backup } = place(context);
  const store = await openStore(url);
  await open(store, 2, 'a');
  await backupStore(url, backup);
  await open(store, 1, 'b');
  await assert.rejects(restoreStore(url, backup, NOW), refusal('store-in-use', /in use by another unclog/));
  await open(store, 1, 'c');
  assert.equal((await store.verifyChain()).entries, 4);
  await store.close();
});

const unfit: readonly {
  name: string;
  reason: string;
  says: RegExp;
  spoil: (backup: string, place: Place) => string;
}[] = [
  {
    name: 'that is missing',
    reason: 'backup-missing',
    says: /none\.db does not exist; nothing was replaced/,
    spoil: (_, { folder }) => join(folder, 'none.db'),
  },
  {
    name: 'that is the ledger itself',
    reason: 'backup-is-store',
    says: /is the ledger itself; name a backup of it/,
    spoil: (_, { file }) => file,
  },
  {
    name: 'that is empty',
    reason: 'store-corrupt',
    says: /backup\.db is empty; nothing was replaced/,
    spoil: backup => (truncateSync(backup), backup),
  },
  {
    name: 'that was cut off',
    reason: 'store-corrupt',
    says: /backup\.db( is damaged or no ledger|: ).*(malformed|damaged)/s,
    spoil: backup => (truncateSync(backup, statSync(backup).size - 8_192), backup),
  },
  {
    name: 'with a damaged page',
    reason: 'store-corrupt',
    says: /backup\.db/,
    spoil: backup => {
      const bytes = readFileSync(backup);
      bytes.fill(0xa5, bytes.length - 6_000, bytes.length - 2_000);
      writeFileSync(backup, bytes);
      return backup;
    },
  },
  {
    name: 'that was tampered with',
    reason: 'store-corrupt',
    says: /backup\.db: the view of case old-0 is not what its entries say \(device\); nothing was replaced/,
    spoil: backup => {
      const direct = new DatabaseSync(backup);
      direct.exec("UPDATE cases SET device = 'x' WHERE id = 'old-0'");
      direct.close();
      return backup;
    },
  },
  {
    name: 'of another program',
    reason: 'store-foreign',
    says: /backup\.db is a database of another program/,
    spoil: backup => {
      const direct = new DatabaseSync(backup);
      direct.exec('PRAGMA application_id = 7');
      direct.close();
      return backup;
    },
  },
  {
    name: 'that is a live ledger',
    reason: 'backup-in-use',
    says: /it is a live ledger and no backup; make one with "unclog store backup FILE"/,
    spoil: backup => {
      writeFileSync(`${backup}-wal`, 'frames');
      return backup;
    },
  },
];

for (const { name, reason, says, spoil } of unfit) {
  test(`a backup ${name} is refused and the ledger stays as it was`, async context => {
    const here = place(context);
    const store = await openStore(here.url);
    await open(store, 40, 'old');
    await backupStore(here.url, here.backup);
    await open(store, 1, 'later');
    await store.close();
    const from = spoil(here.backup, here);
    await assert.rejects(restoreStore(here.url, from, NOW), refusal(reason, says));
    assert.equal(await count(here.url), 41);
    const extra = readdirSync(here.folder).filter(entry => /restoring|before-restore/.test(entry));
    assert.deepEqual(extra, []);
    assert.equal(existsSync(here.file), true);
  });
}

test('a check of a ledger with a damaged page says that it is damaged', async context => {
  const { file, url } = place(context);
  const store = await openStore(url);
  await open(store, 200, 'a');
  await store.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 40_000, 60_000);
  writeFileSync(file, bytes);
  const check = await checkStore(url);
  assert.match(check.sound ? '' : check.detail, /damaged|malformed/);
});
