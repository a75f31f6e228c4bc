import type { BlockPlan, Verdict } from '../../../../../core/action.ts';
import type { PanosSession } from '../../../session.ts';
import type { TagData } from '../action.ts';
import { tagMembers } from './members.ts';
import { missingIfReachable, missingOn, notEnforced } from './shown.ts';

const LOOK_AGAIN_MS = 500;

/**
 * Reads back on both members that the tag is there, and on the one in charge that a dynamic group has taken it up:
 * effective only then. A member that does not answer, or takes no tags while it is passive, is looked after later.
 */
export async function verifyTags(
  session: PanosSession,
  plan: BlockPlan,
  blocks: readonly TagData[],
  signal: AbortSignal,
): Promise<Verdict> {
  const deadline = session.clock.monotonic() + Math.max(0, ...blocks.map(({ verifyWithinMs }) => verifyWithinMs));
  for (;;) {
    const { missing, idle, silent } = await look(session, blocks, signal);
    const left = deadline - session.clock.monotonic();
    if ((missing.length === 0 && idle.length === 0) || left <= 0) {
      const count = blocks.reduce((sum, { subjects }) => sum + subjects.length, 0);
      return {
        proven: missing.length === 0,
        effect: missing.length === 0 && idle.length === 0 ? 'effective' : 'ineffective',
        before: plan.before,
        after: [{ name: 'blocked entries', value: count - idle.length, unit: '' }],
        detail: inWords(count, missing, idle, silent, blocks),
      };
    }
    await session.clock.sleep(Math.min(LOOK_AGAIN_MS, left), signal);
  }
}

async function look(session: PanosSession, blocks: readonly TagData[], signal: AbortSignal) {
  const { acting, others } = await tagMembers(session, signal);
  const missing: string[] = [];
  const idle: string[] = [];
  const silent = new Set<string>(session.members.filter(member => member !== acting).map(({ name }) => name));
  for (const data of blocks) {
    missing.push(...(await missingOn(acting, data, signal)));
    idle.push(...(await notEnforced(acting, data, signal)));
    for (const member of others.filter(({ name }) => !data.refusedBy.includes(name))) {
      const lacking = await missingIfReachable(member, data, signal);
      if (lacking) silent.delete(member.name);
      missing.push(...(lacking ?? []).map(subject => `${subject} on ${member.name}`));
    }
  }
  return { missing, idle, silent: [...silent] };
}

function inWords(
  count: number,
  missing: readonly string[],
  idle: readonly string[],
  silent: readonly string[],
  blocks: readonly TagData[],
): string {
  const [data] = blocks;
  const tag = data?.tag ?? '';
  const group = data?.kind === 'user' ? `the dynamic user group ${data.userGroup}` : 'a dynamic address group';
  const parts = [
    missing.length === 0 ? `${count} carry tag ${tag}` : `tag ${tag} is missing on ${missing.slice(0, 5).join(', ')}`,
    idle.length === 0
      ? `${group} lists them`
      : `no effect on ${idle.slice(0, 5).join(', ')}: ${group} with a match on '${tag}' is needed, and a rule that denies it`,
    ...silent.map(name => `${name} could not be asked`),
  ];
  return parts.join('; ');
}
