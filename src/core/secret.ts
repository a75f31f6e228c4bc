import { inspect } from 'node:util';

const MASK = '<secret>';

/**
 * A password, key or token that cannot be printed by accident: template strings, JSON, `util.inspect` and pino all
 * see `<secret>`. Only `reveal()` gives the text, so every place that uses a secret can be found by that name.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/**
 * Replaces every occurrence of the given secrets in `text`, also in their percent-encoded, XML-escaped and JSON-escaped
 * forms. Longer ones first, so that of a secret that holds another nothing is left over.
 */
export function redact(text: string, secrets: readonly Secret[]): string {
  const forms = new Set(secrets.flatMap(secret => formsOf(secret.reveal())));
  if (forms.size === 0) return text;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return text.replace(new RegExp(longestFirst.map(literally).join('|'), 'g'), MASK);
}

function formsOf(plain: string): readonly string[] {
  if (plain === '') return [];
  return [plain, encodeURIComponent(plain.toWellFormed()), escapeXml(plain), JSON.stringify(plain).slice(1, -1)];
}

/** A pattern that matches exactly this text. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
