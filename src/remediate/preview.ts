import { planHash } from '../core/action.ts';
import { Refusal } from '../core/errors.ts';
import { targetText, type Target } from '../core/target.ts';
import { type Bench, meansOf } from './armed.ts';
import type { Preview } from './contract.ts';
import { type Inquiry, permitted } from './guards/index.ts';
import { propose } from './plan.ts';
import { rehearse } from './rehearse.ts';

/**
 * What a remedy would do now on the live device. Reads, and changes nothing. The never-list and the budget are applied;
 * guards about the alert and the time are not, since there is no alert.
 */
export async function preview(
  bench: Bench,
  remedyName: string,
  deviceName: string,
  target: Target,
  signal: AbortSignal,
): Promise<Preview> {
  try {
    const means = meansOf(bench.armed(), deviceName, remedyName);
    if (!means.remedy.targets.includes(target.kind)) {
      const takes = means.remedy.targets.join(', ');
      throw new Refusal(
        'bad-target',
        `${remedyName} does not take a target of kind ${target.kind}; it takes: ${takes}`,
      );
    }
    const now = bench.clock.now();
    const labels = target.kind === 'device' ? {} : { [target.kind]: target.value };
    const alert = { fingerprint: 'preview', status: 'firing', labels, annotations: {}, startsAt: now } as const;
    const subject = {
      ...{
        id: 'preview',
        version: 0,
        device: deviceName,
        remedy: remedyName,
        target,
        alert,
        state: 'received' as const,
      },
      ...{ openedAt: now, updatedAt: now, progress: [], retries: 0 },
    };
    const { guards } = bench.armed();
    if (guards.never.has(target)) throw new Refusal('never', `${targetText(target)} is on the never-list`);
    const found = await propose(bench, means, subject, signal);
    if (found.kind === 'not-needed') return found;
    const inquiry: Inquiry = { case: subject, policy: means.policy, guards, clock: bench.clock, store: bench.store };
    const plan = await permitted(inquiry, found);
    if ('reason' in plan) return { kind: 'refused', ...plan };
    await rehearse(means, plan, signal);
    return { kind: 'plan', plan, planHash: planHash(plan), mode: means.policy.mode };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.reason, detail: error.message };
    throw error;
  }
}
