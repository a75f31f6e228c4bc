import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openStore } from '../../../src/store/open.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const KILLS = 20;
const WRITER = join(import.meta.dirname, '../../support/appending-process.ts');

interface Acknowledged {
  readonly caseId: string;
  readonly version: number;
}

/** Lets a process append in a loop, kills it after `lives` acknowledgements, and gives the last ones it made. */
async function appendUntilKilled(file: string, round: number, lives: number): Promise<readonly Acknowledged[]> {
  const child = spawn(process.execPath, [WRITER, file, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: Acknowledged[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(JSON.parse(line) as Acknowledged);
    if (acknowledged.length === lives) child.kill('SIGKILL');
  }
  return acknowledged;
}

test(`no acknowledged append is lost over ${KILLS} kills, and the chain stays whole`, async context => {
  const file = join(temporaryFolder(context), 'unclog.db');
  const latest = new Map<string, number>();
  for (let round = 0; round < KILLS; round += 1) {
    const acknowledged = await appendUntilKilled(file, round, 5 + ((round * 7) % 40));
    for (const { caseId, version } of acknowledged) latest.set(caseId, version);
    const store = await openStore(`sqlite:${file}`);
    for (const [caseId, version] of latest) {
      const found = (await store.case(caseId))?.version ?? 0;
      assert.ok(found >= version, `${caseId} was acknowledged at ${version} and stands at ${found}`);
    }
    assert.equal((await store.verifyChain()).intact, true);
    await store.close();
  }
  assert.ok(latest.size >= KILLS, `${latest.size} cases were written`);
});
