import { z } from 'zod';
import { duration, percent } from '../../../../core/config-values.ts';

const names = () => z.array(z.string().min(1)).min(1).prefault(['any']);

/** `remedies: panos/discard-sessions:` in the configuration. */
export const discardOptions = z.strictObject({
  /** Percent of a dataplane's packet buffer from which something is done. */
  threshold: percent(10, 95).default(80),
  /** Percent of the buffer that a session must use; the device lists none below 2. */
  min_share: percent(2, 100).default(2),
  /** App-IDs, exactly as the device writes them, or `any`. */
  applications: names().refine(list => !list.includes('undecided'), {
    message: 'undecided is no application but the lack of one; set discard_undecided: true to discard such sessions',
  }),
  /** Sessions whose application is not decided yet are left alone unless this is set. */
  discard_undecided: z.boolean().default(false),
  /** Source zones, exactly as the device writes them, or `any`. */
  zones: names(),
  /** How long the device drops the packets of a discarded session. */
  discard_timeout: duration({ min: 1_000, max: 3_600_000 })
    .refine(ms => ms % 1_000 === 0, 'whole seconds are allowed')
    .prefault('60s'),
  /** The most sessions that one plan discards, those with the largest share first. */
  max_sessions: z.int().min(1).max(20).default(5),
  /** How long the buffer may take to fall before the effect is judged. */
  verify_within: duration({ min: 1_000, max: 300_000 }).prefault('10s'),
});

export type DiscardOptions = z.output<typeof discardOptions>;

/** `any` switches a filter off; otherwise the match is exact, capitals included. */
export function admits(list: readonly string[], value: string): boolean {
  return list.some(entry => entry === value || entry.toLowerCase() === 'any');
}
