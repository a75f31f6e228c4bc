import { z } from 'zod';

/**
 * How `show running resource-monitor ingress-backlogs` is shaped. No capture of this reply is known, so a client must
 * be tried on several: `nested` and `columns` can be read; the others are ambiguous or hold no usable XML.
 */
const BACKLOG_SHAPES = ['nested', 'columns', 'flat', 'split', 'shifted', 'text', 'foreign-ids', 'unsupported'] as const;

/** Habits that differ between releases or are unproven; each can be ordered while the simulator runs. */
export const Behaviour = z.strictObject({
  backlogs: z.enum(BACKLOG_SHAPES),
  /** Whether a passive member takes `request session-discard`, or refuses it with code 15. */
  passiveDiscard: z.enum(['refused', 'accepted']),
  /** From a discard until its share of the buffer is free. */
  freeDelayMs: z.number().nonnegative(),
  /** Whether a discard still holds on the other member after a failover; if not, the session lives again there. */
  discardSurvivesFailover: z.boolean(),
  /** Packet-buffer protection: off, watching only, or acting above its activation threshold. */
  protection: z.enum(['off', 'monitor-only', 'on']),
  /** Percent of packet buffer from which packet-buffer protection runs and lists its entries. */
  protectionActivatesAt: z.number().min(0).max(100),
});
export type Behaviour = z.infer<typeof Behaviour>;

export const DEFAULT_BEHAVIOUR: Behaviour = {
  backlogs: 'nested',
  passiveDiscard: 'refused',
  freeDelayMs: 0,
  discardSurvivesFailover: false,
  protection: 'on',
  protectionActivatesAt: 80,
};
