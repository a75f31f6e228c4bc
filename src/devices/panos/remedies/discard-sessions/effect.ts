import type { Measurement, Verdict } from '../../../../core/action.ts';

/** Percentage points. The buffer of a busy dataplane moves by a few points from second to second by itself. */
const CLEAR_CHANGE = 5;

/**
 * What became of the dataplanes that were at or above `threshold`, in percent. Effective: each is below it now, or fell
 * clearly. Harmful: one rose clearly. A dataplane that is missing in `after` proves nothing, so it counts as unchanged.
 */
export function judgeEffect(
  before: readonly Measurement[],
  after: readonly Measurement[],
  threshold: number,
): Verdict['effect'] {
  const changes = before
    .filter(({ value }) => value >= threshold)
    .map(({ name, value }) => ({ before: value, after: after.find(other => other.name === name)?.value ?? value }));
  if (changes.some(change => change.after - change.before >= CLEAR_CHANGE)) return 'harmful';
  const relieved = changes.every(change => change.after < threshold || change.before - change.after >= CLEAR_CHANGE);
  return relieved && changes.length > 0 ? 'effective' : 'ineffective';
}

/** `packet buffer of s1dp1 on 192.0.2.11 92 % → 41 %`, for every dataplane. */
export function describeChange(before: readonly Measurement[], after: readonly Measurement[]): string {
  return before
    .map(({ name, value, unit }) => {
      const now = after.find(other => other.name === name)?.value;
      return `${name} ${value} ${unit} → ${now === undefined ? 'not shown' : `${now} ${unit}`}`;
    })
    .join(', ');
}
