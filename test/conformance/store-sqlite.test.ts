import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { storeConformance } from './store.ts';

storeConformance('SQLite in memory', context => closedAfter(context, 'sqlite::memory:'));

const folders = new WeakMap<TestContext, string>();

storeConformance('SQLite in a file', context => {
  const folder = folders.get(context) ?? temporaryFolder(context);
  folders.set(context, folder);
  return closedAfter(context, `sqlite:${join(folder, `${randomUUID()}.db`)}`);
});

async function closedAfter(context: TestContext, url: string): Promise<Store> {
  const store = await openStore(url);
  context.after(() => store.close());
  return store;
}
