import { z } from 'zod';
import type { PanosState } from '../state/state.ts';
import { parseTagFilter } from '../state/tags/tag-filter.ts';

/** Somebody logs in at an address; who is there already stays, as on a shared machine. */
export const LoginOrder = z.strictObject({
  address: z.ipv4().or(z.ipv6()),
  user: z.string(),
  type: z.enum(['AD', 'GP', 'TS', 'Unknown', 'XMLAPI']).default('AD'),
  vsys: z.string().optional(),
});

/** Everyone at the address is forgotten, or the user named. */
export const LogoutOrder = z.strictObject({ address: z.ipv4().or(z.ipv6()), user: z.string().optional() });

/** A group of the directory with exactly these members; without `members` it goes. */
export const GroupOrder = z.strictObject({ name: z.string().min(1), members: z.array(z.string()).optional() });

/** A dynamic group with this filter; without `filter` it goes. */
export const DynamicGroupOrder = z.strictObject({
  type: z.enum(['address', 'user']),
  name: z.string().min(1),
  vsys: z.string().optional(),
  filter: z.string().optional(),
});

export function orderLogin(state: PanosState, order: z.output<typeof LoginOrder>): void {
  const { vsys, ...login } = order;
  state.directory.login({ ...login, vsys: vsys ?? state.platform.systems[0], since: state.now() });
}

export function orderLogout(state: PanosState, order: z.output<typeof LogoutOrder>): void {
  const { address, user } = order;
  state.directory.logout(address, user);
}

export function orderGroup(state: PanosState, order: z.output<typeof GroupOrder>): void {
  const { name, members } = order;
  if (members) state.directory.setGroup(name, members);
  else state.directory.removeGroup(name);
}

export function orderDynamicGroup(state: PanosState, order: z.output<typeof DynamicGroupOrder>): void {
  const { type: kind, filter, ...rest } = order;
  if (filter !== undefined) parseTagFilter(filter);
  const others = state.dynamicGroups.filter(group => group.kind !== kind || group.name !== rest.name);
  state.dynamicGroups = filter === undefined ? others : [...others, { kind, filter, ...rest }];
}
