import { z } from 'zod';
import { duration, size } from '../../../core/config-values.ts';
import { parseTarget } from '../../../core/target.ts';
import { tagName } from '../tags/tag-name.ts';

/** `quota:` of a device: what is measured, and the limits that rules compare it with. */
export const quotaSettings = z.strictObject({
  /** `dynamic`: the report is described in the call. `saved`: the custom report `Quota` of the device. */
  report: z.enum(['dynamic', 'saved']).default('dynamic').describe('dynamic, or saved: the custom report "Quota"'),
  address_limit: size().optional().describe('Bytes that one address may use in a quarter of an hour'),
  user_limit: size().optional().describe('Bytes that one user may use, over all addresses'),
  group_limit: size().optional().describe('Bytes that all members of a group may use together'),
  groups: z
    .array(z.string().refine(name => parseTarget('group', name) !== undefined, 'the name of a user group is expected'))
    .max(100)
    .default([])
    .describe('Groups whose members are summed up, as show user group list gives them'),
  top: z.int().min(100).max(100_000).default(10_000).describe('The most rows that the dynamic report gives'),
  tags: z.array(tagName()).max(20).prefault(['quota']).describe('Tags whose registered addresses are counted'),
  interval: duration({ min: 1_000, max: 900_000 }).prefault('60s').describe('How often the report is made'),
});

export type QuotaSettings = z.output<typeof quotaSettings>;

export type Scope = 'address' | 'user' | 'group';

/** The limit of a scope in bytes; undefined when none is set. */
export function limitOf(settings: QuotaSettings, scope: Scope): number | undefined {
  return { address: settings.address_limit, user: settings.user_limit, group: settings.group_limit }[scope];
}
