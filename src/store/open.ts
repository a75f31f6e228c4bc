import { Refusal } from '../core/errors.ts';
import { parseStoreUrl } from '../core/store-url.ts';
import type { Store } from './contract.ts';
import { openMemoryStore, openSqliteStore, openSqliteStoreForReading } from './sqlite/sqlite-store.ts';

interface OpenOptions {
  /** Only read, also beside a running service; every writing method then throws Bug. */
  readonly readOnly?: boolean;
}

/**
 * Opens the ledger that `store` in the configuration names (`core/store-url.ts`), for this process alone unless
 * `readOnly`. A relative path is relative to the working directory. Throws Refusal `store-…` that says what to do when
 * the ledger is in use, damaged, of a newer version or not readable.
 */
export async function openStore(url: string, options: OpenOptions = {}): Promise<Store> {
  const place = parseStoreUrl(url);
  switch (place.kind) {
    case 'invalid':
      throw new Refusal('store-unsupported', place.detail);
    case 'memory':
      return openMemoryStore();
    case 'file':
      return options.readOnly ? openSqliteStoreForReading(place.path) : openSqliteStore(place.path);
  }
}
