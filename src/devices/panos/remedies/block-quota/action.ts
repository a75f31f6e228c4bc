import { z } from 'zod';
import type { Action } from '../../../../core/action.ts';
import { Bug } from '../../../../core/errors.ts';
import { tagName } from '../../tags/tag-name.ts';

const tagData = z.object({
  method: z.literal('tag'),
  kind: z.enum(['address', 'user']),
  tag: tagName(),
  subjects: z.array(z.string()).min(1),
  /** Those of the subjects that carry the tag for another block of unclog, for too short a time: it starts anew. */
  renewed: z.array(z.string()),
  timeoutSeconds: z.int().min(1),
  /** End of the bucket that was over the limit: milliseconds since the epoch. */
  bucketEndsAt: z.number(),
  /** The dynamic user group that shows whether tags of users take effect. */
  userGroup: z.string(),
  verifyWithinMs: z.number(),
  /** Members that do not take tags while they are passive. */
  refusedBy: z.array(z.string()).default([]),
});

const ruleData = z.object({
  method: z.literal('rule'),
  group: z.string().min(1),
  vsys: z.string(),
  admin: z.string(),
  from: z.array(z.string()),
  to: z.array(z.string()),
  bucketEndsAt: z.number(),
});

const blockData = z.discriminatedUnion('method', [tagData, ruleData]);

export type TagData = z.output<typeof tagData>;
export type RuleData = z.output<typeof ruleData>;
export type BlockData = z.output<typeof blockData>;

/** What is kept of an action or of its receipt. Throws Bug when it is not what this remedy writes. */
export function readBlockData({ data }: Pick<Action, 'data'>): BlockData {
  const parsed = blockData.safeParse(data);
  if (!parsed.success) throw new Bug(`not the data of a quota block: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Only those that were made by tags. */
export function tagDataOf(receipts: readonly Pick<Action, 'data'>[]): readonly TagData[] {
  return receipts.map(readBlockData).filter(data => data.method === 'tag');
}

/** Only those that were made in the security rule. */
export function ruleDataOf(receipts: readonly Pick<Action, 'data'>[]): readonly RuleData[] {
  return receipts.map(readBlockData).filter(data => data.method === 'rule');
}
