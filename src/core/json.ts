/** What JSON can hold. Receipts and evidence are of this type, so that the ledger keeps them whole. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/**
 * JSON of plain data with sorted keys and no white space: equal values give equal text, so hashes over it are stable.
 * As in `JSON.stringify`, a member that is undefined is left out and a number that is not finite becomes null.
 */
export function canonicalJson(value: Json | object): string {
  return textOf(value);
}

function textOf(value: unknown): string {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return Array.isArray(value) ? arrayText(value) : objectText(value);
}

function arrayText(items: readonly unknown[]): string {
  let text = '';
  for (const item of items) text += text === '' ? textOf(item) : `,${textOf(item)}`;
  return `[${text}]`;
}

function objectText(object: object): string {
  const members = object as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(object).sort()) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${textOf(member)}`;
  }
  return `{${text}}`;
}
