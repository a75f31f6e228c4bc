import { isObject, type Path } from './path.ts';
import type { FoundSecret } from './read-secrets.ts';

const MASK = '<secret>';

/** The file's data as it was written, with `<secret>` where it names a secret. */
export function redactSecrets(value: unknown, secrets: readonly FoundSecret[]): unknown {
  const hidden = new Set(secrets.filter(({ source }) => source.confidential).map(({ path }) => JSON.stringify(path)));
  return masked(value, [], hidden);
}

function masked(value: unknown, path: Path, hidden: ReadonlySet<string>): unknown {
  if (hidden.has(JSON.stringify(path))) return MASK;
  if (Array.isArray(value)) return value.map((item, index) => masked(item, [...path, index], hidden));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, [...path, key], hidden)]));
}
