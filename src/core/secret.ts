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

/** Replaces every occurrence of the given secrets in `text`, also in their percent-encoded and XML-escaped forms. */
export function redact(text: string, secrets: readonly Secret[]): string {
  let redacted = text;
  for (const secret of secrets) {
    const plain = secret.reveal();
    if (plain === '') continue;
    for (const form of new Set([plain, encodeURIComponent(plain), escapeXml(plain)])) {
      redacted = redacted.replaceAll(form, MASK);
    }
  }
  return redacted;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
