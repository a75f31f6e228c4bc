import { parseAddress } from '../../../core/address.ts';
import type { Reply } from '../reply.ts';
import { child, childrenNamed, childText } from '../xml/element.ts';

/** A dynamic address group as the dataplane has it. */
export interface DynamicAddressGroup {
  readonly name: string;
  readonly filter: string;
  /** Canonical addresses of registered members; objects of the configuration are left out. */
  readonly addresses: ReadonlySet<string>;
}

/** `show object dynamic-address-group all` of a firewall. Throws DeviceSurprise for Panorama's, which lists no members. */
export function readDynamicAddressGroups(reply: Reply): readonly DynamicAddressGroup[] {
  if (child(reply.result, 'device-groups')) throw reply.surprise('the groups of a Panorama, which have no members');
  return childrenNamed(child(reply.result, 'dyn-addr-grp'), 'entry').map(entry => {
    const members = childrenNamed(child(entry, 'member-list'), 'entry');
    const addresses = members.flatMap(({ attributes }) =>
      attributes['type'] === 'registered-ip' ? (parseAddress(attributes['name'] ?? '') ?? []) : [],
    );
    return {
      name: childText(entry, 'group-name') ?? '',
      filter: childText(entry, 'filter') ?? '',
      addresses: new Set(addresses),
    };
  });
}
