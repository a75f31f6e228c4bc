import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import type { CaseEvent } from '../../../src/core/case.ts';
import { openStore } from '../../../src/store/open.ts';
import { checkStore } from '../../../src/store/restore.ts';
import { aPlan, lifeOfABlock, received } from '../../support/case-events.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A ledger of a few cases in different states, closed. */
async function ledger(context: TestContext): Promise<string> {
  const file = join(temporaryFolder(context), 'unclog.db');
  const store = await openStore(`sqlite:${file}`);
  const ends: readonly (readonly CaseEvent[])[] = [
    lifeOfABlock(),
    [{ type: 'refused', reason: 'cooldown', detail: 'too soon' }],
    lifeOfABlock().slice(0, 6),
    [{ type: 'planned', plan: aPlan() }],
    [],
  ];
  for (const [index, events] of ends.entries()) {
    await store.open([{ id: `case-${index}`, event: received({ target: { kind: 'user', value: `u${index}` } }) }], 10);
    await store.append(`case-${index}`, 1, events, 20 + index);
  }
  assert.equal((await store.verifyChain()).intact, true);
  await store.close();
  return file;
}

async function isIntact(file: string): Promise<boolean> {
  const store = await openStore(`sqlite:${file}`, { readOnly: true });
  try {
    return (await store.verifyChain()).intact;
  } finally {
    await store.close();
  }
}

/** Changes the file as someone with an SQL shell would, who drops the guards and puts them back. */
function tamper(file: string, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  const triggers = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${String(name)}`);
  work(database);
  for (const { sql } of triggers) database.exec(String(sql));
  database.close();
}

function otherValue(value: SQLOutputValue): SQLOutputValue {
  if (typeof value === 'number') return value + 1;
  if (value === null) return 1;
  const text = String(value);
  return text.endsWith('}') ? `${text.slice(0, -1)},"x":1}` : `${text}x`;
}

const COLUMNS = {
  events: ['seq', 'case_id', 'at', 'event', 'previous_hash', 'hash'],
  cases: [
    'opened_seq',
    'id',
    'version',
    'key',
    'state',
    'open',
    'acted',
    'wake_at',
    'device',
    'remedy',
    'opened_at',
    'updated_at',
    'document',
  ],
} as const;

for (const [table, columns] of Object.entries(COLUMNS)) {
  test(`any single change in any row of ${table} is found`, async context => {
    const file = await ledger(context);
    const reader = new DatabaseSync(file, { readOnly: true });
    const rows = reader.prepare(`SELECT rowid AS place, * FROM ${table}`).all();
    reader.close();
    let changes = 0;
    for (const row of rows) {
      for (const column of columns) {
        const was = row[column] as SQLOutputValue;
        const becomes = column === 'open' || column === 'acted' ? 1 - Number(was) : otherValue(was);
        const set = (value: SQLOutputValue, place: SQLOutputValue) =>
          tamper(file, database =>
            database.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(value, place),
          );
        const moved = column === 'seq' || column === 'opened_seq' ? Number(was) + 1_000 : undefined;
        set(moved ?? becomes, row['place'] as SQLOutputValue);
        assert.equal(await isIntact(file), false, `${column} of row ${String(row['place'])}`);
        set(was, moved ?? (row['place'] as SQLOutputValue));
        changes += 1;
      }
    }
    assert.equal(await isIntact(file), true, 'all was put back');
    assert.ok(changes >= 5 * columns.length, `${changes} changes were tried`);
  });

  test(`any row of ${table} that is removed or doubled is found`, async context => {
    const file = await ledger(context);
    const reader = new DatabaseSync(file, { readOnly: true });
    const rows = reader.prepare(`SELECT ${columns.join(', ')} FROM ${table}`).all();
    reader.close();
    const id = columns[0];
    const marks = columns.map(() => '?').join(', ');
    const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`;
    for (const row of rows) {
      tamper(file, database => database.prepare(`DELETE FROM ${table} WHERE ${id} = ?`).run(row[id] as number));
      assert.equal(await isIntact(file), false, `${id} ${String(row[id])} removed`);
      tamper(file, database => database.prepare(insert).run(...columns.map(column => row[column] as SQLOutputValue)));
    }
    assert.equal(await isIntact(file), true, 'all was put back');
    const copy: Record<string, SQLOutputValue> = { ...rows[0], [id]: 1_000, id: 'copy', key: 'copy' };
    tamper(file, database => database.prepare(insert).run(...columns.map(column => copy[column] as SQLOutputValue)));
    assert.equal(await isIntact(file), false, 'a row too many');
  });
}

test('white space in an event and in a view is a change', async context => {
  for (const sql of [
    "UPDATE events SET event = replace(event, ':', ': ') WHERE seq = 2",
    "UPDATE cases SET document = document || ' ' WHERE id = 'case-1'",
  ]) {
    const file = await ledger(context);
    tamper(file, database => database.exec(sql));
    assert.equal(await isIntact(file), false, sql);
  }
});

test('the check tells the place and the kind of a break', async context => {
  const said = async (sql: string) => {
    const file = await ledger(context);
    tamper(file, database => database.exec(sql));
    const store = await openStore(`sqlite:${file}`, { readOnly: true });
    const check = await store.verifyChain();
    await store.close();
    assert.ok(!check.intact);
    return [check.brokenAt, check.detail];
  };
  assert.deepEqual(await said('DELETE FROM events WHERE seq = 4'), [4, 'entry 4 is missing; the next one is 5']);
  assert.deepEqual(await said('UPDATE events SET at = 99 WHERE seq = 2'), [
    2,
    'entry 2 of case case-0 was changed: its hash does not fit',
  ]);
  assert.deepEqual(await said("UPDATE cases SET state = 'failed' WHERE id = 'case-0'"), [
    9,
    'the view of case case-0 is not what its entries say (state)',
  ]);
});

test('a check of the file finds dropped guards, lost references and damaged pages', async context => {
  const guarded = await ledger(context);
  const direct = new DatabaseSync(guarded);
  direct.exec('DROP TRIGGER events_are_never_deleted');
  direct.close();
  assert.deepEqual(await checkStore(`sqlite:${guarded}`), {
    sound: false,
    detail: 'its tables, indexes or triggers are not those that unclog makes',
  });

  const unreferenced = await ledger(context);
  tamper(unreferenced, database => database.exec("DELETE FROM cases WHERE id = 'case-4'"));
  const lost = await checkStore(`sqlite:${unreferenced}`);
  assert.match(lost.sound ? '' : lost.detail, /^entry \d+ belongs to a case that does not exist$/);

  const sound = await checkStore(`sqlite:${await ledger(context)}`);
  assert.equal(sound.sound && sound.entries, 21);
});
