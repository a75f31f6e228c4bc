import type { Receipt, Verdict } from '../../../../core/action.ts';
import type { BlockRemedy } from '../../../contract.ts';
import type { PanosSession } from '../../session.ts';
import { readBlockData, ruleDataOf, tagDataOf } from './action.ts';
import { blockOptions, type BlockOptions } from './options.ts';
import { planBlock } from './plan.ts';
import { applyRule, recallRule } from './rule/apply.ts';
import { restoreRule, ruleHolds } from './rule/standing.ts';
import { undoRule } from './rule/undo.ts';
import { verifyRule } from './rule/verify.ts';
import { applyTags, recallTags } from './tag/apply.ts';
import { restoreTags, tagsHold } from './tag/standing.ts';
import { strayTags } from './tag/strays.ts';
import { undoTags } from './tag/undo.ts';
import { verifyTags } from './tag/verify.ts';

/** Blocks who is over its quota, by tag or in a security rule, for a while. All receipts of one block are of one method. */
export const blockQuota: BlockRemedy<PanosSession, BlockOptions> = {
  kind: 'block',
  name: 'panos/block-quota',
  summary: 'blocks an address, a user or a group that is over its quota, for a while',
  targets: ['address', 'user', 'group'],
  options: blockOptions,
  plan: planBlock,
  apply: (session, action, signal) => {
    const data = readBlockData(action);
    return data.method === 'tag' ? applyTags(session, data, signal) : applyRule(session, data, signal);
  },
  recall: (session, action, signal) => {
    const data = readBlockData(action);
    return data.method === 'tag'
      ? recallTags(session, action, data, signal)
      : recallRule(session, action, data, signal);
  },
  verify: (session, plan, receipts, signal) =>
    byRule(receipts)
      ? verifyRule(session, plan, ruleDataOf(receipts), signal)
      : verifyTags(session, plan, tagDataOf(receipts), signal),
  undo: (session, receipts, held, signal): Promise<Verdict> =>
    byRule(receipts)
      ? undoRule(session, ruleDataOf(receipts), held, signal)
      : undoTags(session, tagDataOf(receipts), held, signal),
  holds: (session, receipts, signal) =>
    byRule(receipts)
      ? ruleHolds(session, ruleDataOf(receipts), signal)
      : tagsHold(session, tagDataOf(receipts), signal),
  restore: (session, receipt, leftMs, signal) => {
    const data = readBlockData(receipt);
    return data.method === 'tag'
      ? restoreTags(session, receipt, data, leftMs, signal)
      : restoreRule(session, receipt, data, signal);
  },
  strays: (session, options, held, signal) => strayTags(session, options, tagDataOf(held), signal),
};

function byRule(receipts: readonly Receipt[]): boolean {
  return ruleDataOf(receipts).length > 0;
}
