/** What a word says of the traffic that it stands beside: `either` where the word alone does not tell. */
export type TermVerdict = 'allowed' | 'blocked' | 'either';

/** A word that a device writes into its logs or shows of its sessions, for whoever has to make sense of it. */
export interface Term {
  /** Which field it stands in, in words: `session end reason`. The same word can stand in several. */
  readonly kind: string;
  /** As the device writes it. */
  readonly value: string;
  readonly meaning: string;
  readonly verdict: TermVerdict;
  /** Where in a packet's way through the device this is decided. */
  readonly where: string;
  /** What to look at next. */
  readonly next: string;
}

/** Lower case, with single dashes for white space, dashes and underscores: `TCP RST - client` is `tcp-rst-client`. */
export function termKey(value: string): string {
  return value
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');
}
