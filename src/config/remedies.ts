import { z } from 'zod';
import { duration } from '../core/config-values.ts';
import type { RemedyPolicy } from '../core/policy.ts';
import type { AnyDriver, Remedy, Session } from '../devices/contract.ts';
import { isObject } from './path.ts';
import { cooldown, maxActionsPerHour } from './guards.ts';
import { suggestion } from './nearest.ts';
import type { Problems } from './problems.ts';
import { showValue } from './words.ts';

/** Keys that every remedy has, beside its own options. */
export function policyKeysOf(remedy: Remedy<Session>) {
  return z.strictObject({
    mode: z
      .enum(['off', 'dry-run', 'approve', 'auto'])
      .default(remedy.defaultMode ?? 'dry-run')
      .describe('How far the remedy may go'),
    max_actions_per_hour: maxActionsPerHour().optional().describe('Instead of the one under guards'),
    cooldown: cooldown().optional().describe('Instead of the one under guards'),
    approval_timeout: duration({ min: 1_000, max: 7 * 86_400_000 })
      .prefault('1h')
      .describe('How long a plan waits for an operator (mode: approve) before it is refused'),
  });
}

/** Limits from `guards:` that hold where a remedy has none of its own. */
interface CommonLimits {
  readonly maxActionsPerHour: number;
  readonly cooldownMs: number;
}

/**
 * Checks `remedies:` and gives a policy for every remedy of the drivers in use, named in the file or not. Remedies of
 * drivers that no device uses are checked too, and have no policy.
 */
export function checkRemedies(
  named: Readonly<Record<string, unknown>>,
  drivers: readonly AnyDriver[],
  inUse: ReadonlySet<AnyDriver>,
  limits: CommonLimits,
  problems: Problems,
): ReadonlyMap<string, RemedyPolicy> {
  const remedies = new Map(drivers.flatMap(driver => driver.remedies.map(remedy => [remedy.name, remedy])));
  // Drivers of one vendor may share a remedy: one that is in use is enough.
  const armed = new Set([...inUse].flatMap(driver => driver.remedies.map(({ name }) => name)));
  for (const name of Object.keys(named)) {
    if (remedies.has(name)) continue;
    problems.addKey(['remedies', name], `unknown remedy ${showValue(name)}; ${suggestion(name, [...remedies.keys()])}`);
  }
  const policies = new Map<string, RemedyPolicy>();
  for (const remedy of remedies.values()) {
    if (!Object.hasOwn(named, remedy.name) && !armed.has(remedy.name)) continue;
    const policy = checkPolicy(remedy, named[remedy.name] ?? {}, limits, problems);
    if (policy && armed.has(remedy.name)) policies.set(remedy.name, policy);
  }
  return policies;
}

function checkPolicy(
  remedy: Remedy<Session>,
  value: unknown,
  limits: CommonLimits,
  problems: Problems,
): RemedyPolicy | undefined {
  const path = ['remedies', remedy.name];
  if (!isObject(value)) {
    problems.add(path, `found ${showValue(value)}; a map is expected, as { mode: dry-run }`);
    return undefined;
  }
  const keys = policyKeysOf(remedy);
  const isCommon = (key: string) => Object.hasOwn(keys.shape, key);
  const entries = Object.entries(value);
  const common = problems.check(keys, Object.fromEntries(entries.filter(([key]) => isCommon(key))), path);
  const own = Object.fromEntries(entries.filter(([key]) => !isCommon(key)));
  const options = problems.check(remedy.options, own, path, Object.keys(keys.shape));
  if (!common || options === undefined) return undefined;
  return {
    mode: common.mode,
    maxActionsPerHour: common.max_actions_per_hour ?? limits.maxActionsPerHour,
    cooldownMs: common.cooldown ?? limits.cooldownMs,
    approvalTimeoutMs: common.approval_timeout,
    options,
  };
}
