import { writeSync } from 'node:fs';
import { openStore } from '../../src/store/open.ts';
import { received } from './case-events.ts';

/** Opens cases and appends to them without end, and prints each case's version once the store says that it is durable. */
const [file = '', round = ''] = process.argv.slice(2);
const store = await openStore(`sqlite:${file}`);
for (let number = 0; ; number += 1) {
  const id = `case-${round}-${number}`;
  const [subject] = await store.open([{ id, event: received({ target: { kind: 'user', value: id } }) }], Date.now());
  let version = subject?.version ?? 0;
  acknowledge(id, version);
  for (let retry = 0; retry < 4; retry += 1) {
    const moved = await store.append(id, version, [{ type: 'retry', detail: 'later', wakeAt: retry }], Date.now());
    version = moved.version;
    acknowledge(id, version);
  }
}

function acknowledge(caseId: string, version: number): void {
  writeSync(1, `${JSON.stringify({ caseId, version })}\n`);
}
