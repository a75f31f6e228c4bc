import { z } from 'zod';
import { parseCommand } from '../command-element.ts';
import { parsePath } from '../state/configuration/config-path.ts';
import { setAt } from '../state/configuration/config-tree.ts';
import { slashedTime } from '../state/local-time.ts';
import type { Member } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';
import { firstMember } from './first-member.ts';

/** A change that another administrator leaves uncommitted; without `xpath` a comment on the first rule. */
const Change = z.strictObject({
  admin: z.string().default('alice'),
  xpath: z
    .string()
    .default("/config/devices/entry/vsys/entry[@name='vsys1']/rulebase/security/rules/entry[@name='allow-internet']"),
  element: z.string().default('<description>to be reviewed</description>'),
});

/** Somebody at work on the configuration; what is absent stays. */
export const ConfigurationOrder = z.strictObject({
  member: z.string().optional(),
  /** true leaves a change of `alice`; false reverts all that is pending. */
  pendingChanges: z.boolean().optional(),
  change: Change.optional(),
  lock: z
    .strictObject({ admin: z.string(), kind: z.enum(['commit', 'config']), comment: z.string().default('') })
    .optional(),
  unlock: z.boolean().optional(),
});

export function orderConfiguration(state: PanosState, wanted: z.output<typeof ConfigurationOrder>): void {
  const member = wanted.member === undefined ? firstMember(state) : state.member(wanted.member);
  if (wanted.unlock) member.locks = [];
  if (wanted.lock) member.locks.push({ ...wanted.lock, since: state.now() });
  if (wanted.pendingChanges === false) member.configuration.revert();
  if (wanted.pendingChanges) leaveChange(state, member, Change.parse({}));
  if (wanted.change) leaveChange(state, member, wanted.change);
}

function leaveChange(state: PanosState, member: Member, { admin, element, xpath }: z.output<typeof Change>): void {
  const path = parsePath(xpath);
  const elements = parseCommand(`<element>${element}</element>`)?.children;
  if (!path || !elements) throw new RangeError(`not a change of the configuration: ${xpath} ${element}`);
  const marks = { admin, dirtyId: '1', time: slashedTime(state.now(), state.platform.timeZone) };
  member.configuration.change({ admin, xpath, action: 'EDIT', apply: tree => setAt(tree, path, elements, marks) });
}
