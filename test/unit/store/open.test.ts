import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Bug, Refusal } from '../../../src/core/errors.ts';
import { openStore } from '../../../src/store/open.ts';
import { openForWriting, openInMemory } from '../../../src/store/sqlite/connection.ts';
import { describeSchema } from '../../../src/store/sqlite/schema-version.ts';
import { received } from '../../support/case-events.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);
const OPENER = join(import.meta.dirname, '../../../src/store/open.ts');

test('a new ledger and its folder belong to their owner only', async context => {
  const file = join(temporaryFolder(context), 'data', 'unclog.db');
  const store = await openStore(`sqlite:${file}`);
  await store.open([{ id: 'a', event: received() }], 1);
  assert.equal(statSync(join(file, '..')).mode & 0o777, 0o700);
  for (const name of [file, `${file}-wal`, `${file}-shm`, `${file}.lock`]) {
    assert.equal(statSync(name).mode & 0o777, 0o600, name);
  }
  await store.close();
});

test('what was written is there after closing and opening again', async context => {
  const url = `sqlite:${join(temporaryFolder(context), 'unclog.db')}`;
  const store = await openStore(url);
  await store.open([{ id: 'a', event: received() }], 1);
  await store.remember('bmc', 'sel', 7);
  await store.close();
  const again = await openStore(url);
  assert.equal((await again.case('a'))?.state, 'received');
  assert.equal(await again.recall('bmc', 'sel'), 7);
  assert.equal((await again.open([{ id: 'b', event: received() }], 2)).length, 0);
  await again.close();
});

test('every opening for writing sets WAL, full durability and foreign keys', context => {
  const file = join(temporaryFolder(context), 'unclog.db');
  for (const _ of ['new', 'again']) {
    const database = openForWriting(file);
    assert.deepEqual({ ...database.prepare('PRAGMA journal_mode').get() }, { journal_mode: 'wal' });
    assert.deepEqual({ ...database.prepare('PRAGMA synchronous').get() }, { synchronous: 2 });
    assert.deepEqual({ ...database.prepare('PRAGMA foreign_keys').get() }, { foreign_keys: 1 });
    assert.deepEqual({ ...database.prepare('PRAGMA busy_timeout').get() }, { timeout: 2_000 });
    database.close();
  }
});

test('the migrations make the schema that is committed beside them', () => {
  const committed = join(import.meta.dirname, '../../../src/store/sqlite/schema.sql');
  const database = openInMemory();
  assert.equal(describeSchema(database), readFileSync(committed, 'utf8'));
  database.close();
});

test('the ledger table itself forbids changing and deleting', async context => {
  const file = join(temporaryFolder(context), 'unclog.db');
  const store = await openStore(`sqlite:${file}`);
  await store.open([{ id: 'a', event: received() }], 1);
  const direct = new DatabaseSync(file);
  for (const sql of ['UPDATE events SET at = 2', 'DELETE FROM events', 'DELETE FROM cases']) {
    assert.throws(() => direct.exec(sql), /the ledger is append-only/, sql);
  }
  direct.close();
  await store.close();
});

test('a second writer is refused and told what to do, in this process and in another', async context => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'unclog.db');
  const store = await openStore(`sqlite:${file}`);
  const inUse = (error: unknown) => error instanceof Refusal && error.reason === 'store-in-use';
  await assert.rejects(openStore(`sqlite:${file}`), inUse);
  symlinkSync(folder, `${folder}-link`);
  context.after(() => run('rm', [`${folder}-link`]));
  await assert.rejects(openStore(`sqlite:${folder}-link/unclog.db`), inUse, 'also by another name of the file');
  const script = `const { openStore } = await import(${JSON.stringify(OPENER)}); await openStore('sqlite:' + process.argv[1]);`;
  await assert.rejects(
    run(process.execPath, ['--input-type=module', '-e', script, file]),
    /unclog\.db is in use by another unclog; one service works with one ledger: stop the other, or name another file/,
  );
  await store.close();
  await (await openStore(`sqlite:${file}`)).close();
});

test('a reader works beside the writer, sees what it commits, and cannot write', async context => {
  const url = `sqlite:${join(temporaryFolder(context), 'unclog.db')}`;
  const store = await openStore(url);
  const reader = await openStore(url, { readOnly: true });
  await store.open([{ id: 'a', event: received() }], 1);
  assert.equal((await reader.cases({})).length, 1);
  assert.equal((await reader.verifyChain()).intact, true);
  await assert.rejects(reader.open([{ id: 'b', event: received({ device: 'x' }) }], 1), Bug);
  await assert.rejects(reader.append('a', 1, [], 1), Bug);
  await assert.rejects(reader.remember('a', 'b', 1), Bug);
  await reader.close();
  await store.close();
  const alone = await openStore(url, { readOnly: true });
  assert.equal((await alone.cases({})).length, 1);
  await alone.close();
});

test('the chain is verified while the service writes, and calls go on meanwhile', async context => {
  const url = `sqlite:${join(temporaryFolder(context), 'unclog.db')}`;
  const store = await openStore(url);
  const openings = Array.from({ length: 1_500 }, (_, index) => ({
    id: `case-${index}`,
    event: received({ target: { kind: 'user', value: `u${index}` } }),
  }));
  await store.open(openings, 1);
  let finished = false;
  const checking = Promise.all([store.verifyChain(), store.verifyChain()]).then(checks => {
    finished = true;
    return checks;
  });
  let written = 0;
  while (!finished) {
    await store.append(`case-${written}`, 1, [{ type: 'not-needed', detail: 'gone', before: [] }], 2);
    written += 1;
    await new Promise(resolve => setImmediate(resolve));
  }
  for (const check of await checking) assert.equal(check.intact, true);
  assert.ok(written > 3, `${written} writes came through`);
  await store.close();
});

const openingFaults: readonly { name: string; reason: string; says: RegExp; prepare: (file: string) => void }[] = [
  {
    name: 'of a newer version',
    reason: 'store-newer',
    says: /has schema 99, this program knows 1; run the newer unclog that wrote it, or restore a backup/,
    prepare: file => {
      openForWriting(file).close();
      alter(file, 'PRAGMA user_version = 99');
    },
  },
  {
    name: 'of another program',
    reason: 'store-foreign',
    says: /is a database of another program; name another file under "store"/,
    prepare: file => alter(file, 'CREATE TABLE recipes (name TEXT)'),
  },
  {
    name: 'that is no database',
    reason: 'store-corrupt',
    says: /is damaged or no ledger \(file is not a database\); keep it aside for a repair, and bring back the last backup with "unclog store restore FILE"/,
    prepare: file => writeFileSync(file, 'no database at all '.repeat(500)),
  },
  {
    name: 'that is a folder',
    reason: 'store-unreadable',
    says: /cannot be opened \(unable to open database file\); check that it exists and that this user may read and write it/,
    prepare: file => mkdirSync(file),
  },
  {
    name: 'that another program has locked',
    reason: 'store-locked',
    says: /is locked by another program \(database is locked\); end it and try again/,
    prepare: file => {
      const holder = new DatabaseSync(file);
      holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE t (a)');
      held.push(holder);
    },
  },
];
const held: DatabaseSync[] = [];

function alter(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

for (const { name, reason, says, prepare } of openingFaults) {
  test(`a file ${name} is refused with what to do, and left as it is`, async context => {
    const file = join(temporaryFolder(context), 'unclog.db');
    prepare(file);
    // A file that is held is not read here: closing it would drop the holder's lock.
    const before = statSync(file).isFile() && held.length === 0 ? readFileSync(file) : undefined;
    await assert.rejects(openStore(`sqlite:${file}`), (error: unknown) => {
      assert.ok(error instanceof Refusal);
      assert.equal(error.reason, reason);
      assert.match(error.message, says);
      return true;
    });
    if (before) assert.deepEqual(readFileSync(file), before);
    for (const holder of held.splice(0)) holder.close();
  });
}

test('a folder that may not be written is refused with what to check', async context => {
  const folder = temporaryFolder(context);
  chmodSync(folder, 0o500);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.('nobody'); // root may write everywhere
  try {
    await assert.rejects(openStore(`sqlite:${folder}/data/unclog.db`), /cannot be used .*check its path and owner/);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('a reader makes no file', async context => {
  const file = join(temporaryFolder(context), 'unclog.db');
  await assert.rejects(
    openStore(`sqlite:${file}`, { readOnly: true }),
    /unclog\.db does not exist; check "store" in the configuration, or start "unclog serve", which makes it/,
  );
  assert.equal(existsSync(file), false);
});

test('a reader does not convert an older ledger', async context => {
  const file = join(temporaryFolder(context), 'unclog.db');
  new DatabaseSync(file).close();
  writeFileSync(file, '');
  await assert.rejects(
    openStore(`sqlite:${file}`, { readOnly: true }),
    /has schema 0, this program reads 1; start "unclog serve" once/,
  );
});

test('a store that is not built is refused with the one that is', async () => {
  for (const [url, says] of [
    ['postgres://db/unclog', /PostgreSQL is not built yet; use sqlite: and a file/],
    ['data/unclog.db', /found "data\/unclog\.db"; sqlite: and a file is expected/],
    ['sqlite:', /sqlite: and a file is expected/],
    ['sqlite://data/unclog.db', /write the path right after "sqlite:"/],
  ] as const) {
    await assert.rejects(openStore(url), (error: unknown) => {
      assert.ok(error instanceof Refusal && error.reason === 'store-unsupported');
      assert.match(error.message, says);
      return true;
    });
  }
});
