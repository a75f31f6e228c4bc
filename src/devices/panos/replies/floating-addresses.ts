import { parseNetwork } from '../../../core/address.ts';
import type { Reply } from '../reply.ts';
import { childText, textOf, type XmlElement, wholeText } from '../xml/element.ts';

/** A virtual address of an active/active pair, and whether the member that was asked has it now. */
export interface FloatingAddress {
  readonly address: string;
  readonly active: boolean;
}

const MOST = 64;
const LINE = /^(\S+)\s+Active:\s*(yes|no)\b/i;

/**
 * `show high-availability virtual-address`. No recording of it is known, so only what is plain is taken: elements with
 * exactly one address and `<active>` yes or no beside it, and lines of text as the command line prints them. Everything
 * else, and an address that is said to be both, is no address. At most 64.
 */
export function readFloatingAddresses(reply: Reply): readonly FloatingAddress[] {
  const found = [...fromElements(reply.result), ...fromText(wholeText(reply.result))];
  const states = new Map<string, Set<boolean>>();
  for (const { address, active } of found) states.set(address, (states.get(address) ?? new Set()).add(active));
  return [...states]
    .flatMap(([address, [active, contrary]]) =>
      active === undefined || contrary !== undefined ? [] : [{ address, active }],
    )
    .slice(0, MOST);
}

function fromElements(element: XmlElement): readonly FloatingAddress[] {
  const inside = element.children.flatMap(fromElements);
  const active = activeOf(childText(element, 'active'));
  const addresses = element.children.flatMap(child => addressOf(textOf(child)) ?? []);
  const [address, another] = addresses;
  if (active === undefined || address === undefined || another !== undefined) return inside;
  return [...inside, { address, active }];
}

function fromText(text: string): readonly FloatingAddress[] {
  return text.split('\n').flatMap(line => {
    const [, written, said] = LINE.exec(line.trim()) ?? [];
    const address = addressOf(written);
    const active = activeOf(said);
    return address === undefined || active === undefined ? [] : [{ address, active }];
  });
}

function addressOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : parseNetwork(text)?.address;
}

function activeOf(text: string | undefined): boolean | undefined {
  const said = text?.toLowerCase();
  return said === 'yes' ? true : said === 'no' ? false : undefined;
}
