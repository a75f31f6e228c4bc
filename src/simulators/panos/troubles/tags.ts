import { z } from 'zod';
import { canonicalAddress } from '../state/tags/address.ts';
import type { PanosState } from '../state/state.ts';

/** Somebody else sets, or with `remove` takes away, a tag on an address or a user, on one member or on all. */
export const TagByOthers = z
  .strictObject({
    member: z.string().optional(),
    vsys: z.string().optional(),
    address: z.string().optional(),
    user: z.string().optional(),
    tag: z.string().min(1),
    /** Seconds; 0 never ends. */
    timeout: z.number().nonnegative().default(0),
    persistent: z.boolean().default(true),
    fromAgent: z.boolean().default(false),
    remove: z.boolean().default(false),
  })
  .refine(({ address, user }) => (address === undefined) !== (user === undefined), 'give either address or user');

export function orderTag(state: PanosState, wanted: z.output<typeof TagByOthers>): void {
  const { fromAgent, persistent, tag: name } = wanted;
  const subject = wanted.user ?? canonicalAddress(wanted.address ?? '');
  if (subject === undefined) throw new RangeError(`not an address: ${wanted.address ?? ''}`);
  const vsys = wanted.vsys ?? state.platform.systems[0];
  const now = state.now();
  for (const member of wanted.member === undefined ? state.members : [state.member(wanted.member)]) {
    const table = wanted.user === undefined ? member.registeredAddresses : member.registeredUsers;
    const tags = new Map(table.tagsOf(vsys, subject, now));
    if (wanted.remove) tags.delete(name);
    else tags.set(name, { since: now, timeoutMs: wanted.timeout * 1_000, persistent, fromAgent });
    table.put(vsys, subject, tags);
  }
}
