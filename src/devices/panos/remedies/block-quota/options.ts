import { z } from 'zod';
import { duration } from '../../../../core/config-values.ts';
import { tagName } from '../../tags/tag-name.ts';

/** What the device takes as a timeout of a tag at most: 30 days. */
const LONGEST_HOLD_MS = 2_592_000_000;

const hold = () =>
  duration({ min: 1_000, max: LONGEST_HOLD_MS }).refine(ms => ms % 1_000 === 0, 'whole seconds are allowed');

const ruleOptions = z.strictObject({
  /** The administrator that unclog's credentials belong to: only its changes are committed. */
  admin: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'the name of an administrator is expected'),
  from: z.array(z.string().min(1).max(31)).min(1).prefault(['any']),
  to: z.array(z.string().min(1).max(31)).min(1).prefault(['any']),
});

/** `remedies: panos/block-quota:` in the configuration. */
export const blockOptions = z
  .strictObject({
    /** How long a block stands. */
    hold: hold().prefault('15m'),
    /** Instead: the first time, the second time within `escalate_within`, and so on; the last for all that follow. */
    escalate: z.array(hold()).min(1).max(10).optional(),
    escalate_within: duration({ min: 60_000, max: 90 * 86_400_000 }).prefault('1d'),
    /** The tag of the dynamic address group that a rule denies. */
    tag: tagName().prefault('quota'),
    /** A user is blocked by every address of the user now, or by a tag of the user. */
    user_method: z.enum(['addresses', 'user-tag']).default('addresses'),
    /** The tag of the dynamic user group that a rule denies. */
    user_tag: tagName().prefault('quota'),
    /** The name of that group. */
    user_group: z.string().min(1).max(63).default('quota-users'),
    /** A group is blocked by the user tag on each member, or in the security rule BlockQuota, which takes a commit. */
    group_method: z.enum(['dynamic-user-group', 'security-rule']).default('dynamic-user-group'),
    /** Needed for `group_method: security-rule`. */
    rule: ruleOptions.optional(),
    /** A target with more addresses or members than this is refused: it is more than was meant. */
    max_entries: z.int().min(1).max(5_000).default(500),
    /** How long the device may take to show the block in its groups. */
    verify_within: duration({ min: 0, max: 60_000 }).prefault('5s'),
  })
  .refine(({ group_method: method, rule }) => method !== 'security-rule' || rule !== undefined, {
    path: ['rule'],
    message: 'is missing; group_method: security-rule needs rule: { admin: … }',
  });

export type BlockOptions = z.output<typeof blockOptions>;
