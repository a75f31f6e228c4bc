import { parseAddress } from '../../../core/address.ts';
import type { Reply } from '../reply.ts';
import { childrenNamed, childText, wholeNumber } from '../xml/element.ts';

/** Who is behind an address now, as User-ID knows it. */
export interface Mapping {
  readonly address: string;
  /** In lower case; never `unknown`. */
  readonly user: string;
}

/**
 * `show user ip-user-mapping`, of all addresses or of one. Doubles and the user `unknown` are left out. Throws
 * DeviceSurprise when the count is not that of the entries: the answer was cut.
 */
export function readMappings(reply: Reply): readonly Mapping[] {
  const entries = childrenNamed(reply.result, 'entry');
  const count = childText(reply.result, 'count');
  if (count !== undefined && wholeNumber(count) !== entries.length) {
    throw reply.surprise(`${entries.length} mappings where <count> says ${count.slice(0, 20)}`);
  }
  const mappings = entries.flatMap(entry => {
    const address = parseAddress(childText(entry, 'ip') ?? '');
    const user = childText(entry, 'user')?.toLowerCase();
    return address === undefined || user === undefined || user === 'unknown' ? [] : [{ address, user }];
  });
  return [...new Map(mappings.map(mapping => [`${mapping.address} ${mapping.user}`, mapping])).values()];
}
