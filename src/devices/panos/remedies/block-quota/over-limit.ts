import type { Measurement, NotNeeded } from '../../../../core/action.ts';
import { Refusal } from '../../../../core/errors.ts';
import type { Target } from '../../../../core/target.ts';
import { readUsage } from '../../quota/read-usage.ts';
import { limitOf } from '../../quota/settings.ts';
import { knownUser, sumOf, type Usage } from '../../quota/usage.ts';
import { readUserGroup } from '../../replies/user-group.ts';
import type { PanosMember, PanosSession } from '../../session.ts';
import { showUserGroup } from '../../tags/commands.ts';

/** Whom the remedy is aimed at. Users are in lower case. */
export type QuotaTarget =
  | { readonly kind: 'address' | 'user'; readonly value: string }
  | { readonly kind: 'group'; readonly value: string; readonly members: readonly string[] };

/** A target that is over its limit in the last bucket. */
export interface Offence {
  readonly target: QuotaTarget;
  readonly usage: Usage;
  readonly before: Measurement;
  /** In words: how much, of how much, when. */
  readonly evidence: readonly string[];
}

/**
 * Reads usage again and compares. Throws Refusal: `no-quota` or `no-limit` when the configuration names none, `no-data`
 * when the report has no rows, `unknown-user`, and `no-members` for a group without any.
 */
export async function findOffence(
  session: PanosSession,
  acting: PanosMember,
  named: Target,
  signal: AbortSignal,
): Promise<Offence | NotNeeded> {
  const settings = session.quota;
  if (!settings) throw new Refusal('no-quota', `${session.device} has no quota: in the configuration`);
  const target = await targetOf(acting, named, signal);
  const limit = limitOf(settings, target.kind);
  if (limit === undefined) throw new Refusal('no-limit', `no quota.${target.kind}_limit is set for ${session.device}`);
  const isOver = (usage: Usage) => usedBy(target, usage) >= BigInt(limit);
  const usage = await session.usage.get(() => readUsage(session, settings, signal), isOver);
  if (!usage) throw new Refusal('no-data', 'the report has no rows: that says nothing about anybody');
  const used = usedBy(target, usage);
  const before = { name: `bytes of ${target.kind} ${target.value}`, value: Number(used), unit: 'B' };
  const compared = `${used} of ${limit} bytes in the quarter of an hour to ${new Date(usage.bucket.endsAt).toISOString()}`;
  const cut = usage.truncated ? '; the report was cut, so it may be more' : '';
  if (!isOver(usage)) {
    return { kind: 'not-needed', detail: `${target.kind} ${target.value} used ${compared}${cut}`, before: [before] };
  }
  return { target, usage, before, evidence: [`used ${compared}${cut}`] };
}

async function targetOf(acting: PanosMember, named: Target, signal: AbortSignal): Promise<QuotaTarget> {
  if (named.kind === 'address') return { kind: 'address', value: named.value };
  if (named.kind === 'user') {
    const user = knownUser(named.value);
    if (user !== undefined) return { kind: 'user', value: user };
    throw new Refusal('unknown-user', `"${named.value.slice(0, 40)}" is nobody: traffic without a user has that name`);
  }
  if (named.kind !== 'group') throw new Refusal('bad-target', `an address, a user or a group is needed`);
  const members = readUserGroup(await acting.read(showUserGroup(named.value), signal)) ?? [];
  const users = [...new Set(members.flatMap(member => knownUser(member) ?? []))];
  if (users.length > 0) return { kind: 'group', value: named.value, members: users };
  throw new Refusal('no-members', `the device knows no members of group ${named.value}`);
}

function usedBy(target: QuotaTarget, usage: Usage): bigint {
  if (target.kind === 'address') return usage.addresses.get(target.value) ?? 0n;
  return target.kind === 'group' ? sumOf(usage, target.members) : (usage.users.get(target.value) ?? 0n);
}
