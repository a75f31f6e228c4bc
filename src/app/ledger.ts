import { existsSync } from 'node:fs';
import { Refusal } from '../core/errors.ts';
import { parseStoreUrl } from '../core/store-url.ts';
import type { ChainCheck, LedgerEntry, Store } from '../store/contract.ts';
import { openStore } from '../store/open.ts';
import { backupStore, checkStore, restoreStore } from '../store/restore.ts';
import type { FileCheck } from '../store/sqlite/check-file.ts';

export { backupStore, checkStore, restoreStore };
export type { ChainCheck, FileCheck, LedgerEntry, Store };

/** Works on the ledger for reading, also beside a running service, and closes it. */
export async function withLedger<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const place = parseStoreUrl(url);
  if (place.kind === 'file' && !existsSync(place.path)) {
    throw new Refusal('store-missing', `there is no ledger at ${place.path} yet: unclog serve makes it`);
  }
  const store = await openStore(url, { readOnly: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
