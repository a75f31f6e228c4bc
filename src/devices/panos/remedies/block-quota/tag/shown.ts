import { DeviceUnreachable } from '../../../../../core/errors.ts';
import { readDynamicAddressGroups } from '../../../replies/dynamic-address-groups.ts';
import { readUserGroup } from '../../../replies/user-group.ts';
import type { PanosMember } from '../../../session.ts';
import { showDynamicAddressGroups, showUserGroup } from '../../../tags/commands.ts';
import { readTagged } from '../../../tags/read-tagged.ts';
import type { TagData } from '../action.ts';

/** Those of the subjects that do not carry the tag on this member. */
export async function missingOn(member: PanosMember, data: TagData, signal: AbortSignal): Promise<readonly string[]> {
  const carrying = await readTagged(member, data.kind, data.tag, signal);
  return data.subjects.filter(subject => !carrying.has(subject));
}

/** The same of a member that may be away: undefined when it does not answer. */
export async function missingIfReachable(member: PanosMember, data: TagData, signal: AbortSignal) {
  try {
    return await missingOn(member, data, signal);
  } catch (error) {
    if (error instanceof DeviceUnreachable && !signal.aborted) return undefined;
    throw error;
  }
}

/**
 * Those of the subjects that no dynamic group lists on this member: without a group that a rule names, a tag does
 * nothing. `DAG` and `DUG` are filled by the device itself from the tags.
 */
export async function notEnforced(member: PanosMember, data: TagData, signal: AbortSignal): Promise<readonly string[]> {
  const listed = await listedOn(member, data, signal);
  return data.subjects.filter(subject => !listed.has(subject));
}

async function listedOn(member: PanosMember, { kind, userGroup }: TagData, signal: AbortSignal) {
  if (kind === 'user') {
    const members = readUserGroup(await member.read(showUserGroup(userGroup), signal)) ?? [];
    return new Set(members.map(name => name.toLowerCase()));
  }
  const groups = readDynamicAddressGroups(await member.read(showDynamicAddressGroups, signal));
  return new Set(groups.flatMap(({ addresses }) => [...addresses]));
}
