import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from '../core/errors.ts';
import type { ConfigDocument } from './document.ts';
import { isObject, type Path, valueAt } from './path.ts';
import { knownKeys } from './known-keys.ts';
import { suggestion } from './nearest.ts';
import { isSecretKey, issueText, showValue } from './words.ts';

/** Everything that is wrong with a file, gathered before it is told. */
export class Problems {
  readonly document: ConfigDocument;
  readonly #found: ConfigProblem[] = [];

  constructor(document: ConfigDocument) {
    this.document = document;
  }

  /** A problem with the value at `path`. */
  add(path: Path, message: string): void {
    this.#found.push(this.document.problemAt(path, message));
  }

  /** A problem with the key that `path` ends in. */
  addKey(path: Path, message: string): void {
    this.#found.push(this.document.problemAtKey(path, message));
  }

  /**
   * Checks `value`, which stands at `path`, against a schema. Gives the typed result, or undefined when there are
   * problems, which are then noted. `alsoKnown` are keys beside those of the schema, for suggestions.
   */
  check<T>(schema: z.ZodType<T>, value: unknown, path: Path, alsoKnown: readonly string[] = []): T | undefined {
    const result = schema.safeParse(value, { error: issueText });
    if (result.success) return result.data;
    for (const issue of result.error.issues) this.#note(schema, issue, value, path, alsoKnown);
    return undefined;
  }

  /** Throws ConfigError when there is any problem, in the order of the file. */
  throwIfAny(): void {
    if (this.#found.length === 0) return;
    throw new ConfigError(this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }

  #note(schema: z.ZodType, issue: z.core.$ZodIssue, value: unknown, path: Path, alsoKnown: readonly string[]): void {
    const inner = issue.path.map(step => (typeof step === 'symbol' ? String(step) : step));
    const place = [...path, ...inner];
    if (issue.code === 'unrecognized_keys') {
      const known = [...knownKeys(schema, inner), ...(inner.length === 0 ? alsoKnown : [])];
      for (const key of issue.keys)
        this.addKey([...place, key], `unknown key ${showValue(key)}; ${suggestion(key, known)}`);
      return;
    }
    if (issue.code === 'invalid_union') {
      const nearest = closest(issue.errors);
      for (const other of nearest)
        this.#note(schema, { ...other, path: [...issue.path, ...other.path] }, value, path, alsoKnown);
      if (nearest.length > 0) return;
    }
    this.add(place, withFound(issue.message, valueAt(value, inner), place));
  }
}

/** Of the ways in which a value could have been right, the one that it came nearest to. */
function closest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(...issues.map(issue => issue.path.length), 0);
  return [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
}

/** Messages of schemas often say only what is allowed; what was found is added, unless it may be a secret. */
function withFound(message: string, value: unknown, path: Path): string {
  if (/^(found|is missing|missing)\b/.test(message)) return message;
  if (value === undefined) return `is missing; ${message}`;
  if (isObject(value) || Array.isArray(value) || isSecretKey(path.at(-1))) return message;
  return `found ${showValue(value)}; ${message}`;
}
