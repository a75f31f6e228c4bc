/** Where the ledger is kept: an SQLite file, or memory for tests, which forgets everything at the end. */
type StoreUrl =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'invalid'; readonly detail: string };

/** Reads `sqlite:PATH` or `sqlite::memory:`. `invalid` says what was found and what to write instead. */
export function parseStoreUrl(text: string): StoreUrl {
  if (text === 'sqlite::memory:') return { kind: 'memory' };
  if (/^postgres(ql)?:/i.test(text)) {
    return { kind: 'invalid', detail: 'PostgreSQL is not built yet; use sqlite: and a file, as sqlite:data/unclog.db' };
  }
  const path = text.startsWith('sqlite:') ? text.slice('sqlite:'.length) : '';
  if (path === '' || path.includes('\0')) {
    return { kind: 'invalid', detail: `found "${text}"; sqlite: and a file is expected, as sqlite:data/unclog.db` };
  }
  if (path.startsWith('//')) {
    return {
      kind: 'invalid',
      detail: `found "${text}"; write the path right after "sqlite:", as sqlite:data/unclog.db or sqlite:/var/lib/unclog/unclog.db`,
    };
  }
  return { kind: 'file', path };
}
