/** A session id as a client sends it: a plain decimal number from 1 to 2^32 − 1. Undefined for anything else. */
export function sessionId(text: string | undefined): number | undefined {
  if (text === undefined || !/^[1-9]\d{0,9}$/.test(text)) return undefined;
  const id = Number(text);
  return id < 2 ** 32 ? id : undefined;
}
