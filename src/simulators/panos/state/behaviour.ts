import { z } from 'zod';

/**
 * How `show running resource-monitor ingress-backlogs` is shaped. No capture of this reply is known, so a client must
 * be tried on several: `nested` and `columns` can be read; the others are ambiguous or hold no usable XML.
 */
const BACKLOG_SHAPES = ['nested', 'columns', 'flat', 'split', 'shifted', 'text', 'foreign-ids', 'unsupported'] as const;

/** Where the rows of a report stand: the five envelopes that were seen over types and releases. */
export const REPORT_ENVELOPES = [
  'response/result/report',
  'response/result/report/result',
  'response/report/result',
  'response/report',
  'report/result',
] as const;

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
  /** Whether tags that are set on the member with the traffic reach its peer. No vendor statement is known. */
  tagSync: z.boolean(),
  /** Whether a passive member takes `type=user-id`, or refuses it with code 15. */
  passiveUserId: z.enum(['accepted', 'refused']),
  /** Whether `type=user-id` is answered with HTTP 403 while a commit runs. */
  userIdDuringCommit: z.enum(['accepted', 'refused']),
  /** What registering a tag again does. */
  registerAgain: z.enum(['exists', 'exists-restarts', 'restarts']),
  /** Whether the countdown of a persistent tag goes on over a reboot, or begins again. */
  rebootCountdown: z.enum(['continues', 'restarts']),
  /** How many addresses, and how many users, the platform holds with tags. */
  registeredLimit: z.int().nonnegative(),
  /** `outfile`: more than 500 addresses are answered with the path of a file, as before 8.0. */
  registeredAddresses: z.enum(['paged', 'outfile']),
  /** From setting a tag until dynamic groups count it. */
  groupDelayMs: z.number().nonnegative(),
  /** How a group that is not there is answered: with a text, or with the text as a broken document. */
  missingGroup: z.enum(['text', 'not-well-formed']),
  reportEnvelope: z.enum(REPORT_ENVELOPES),
  /** Whether a report is answered with a job, or at once with its rows. */
  reportSubmit: z.enum(['job', 'direct']),
  /** How long a report or a log query runs. */
  queryJobMs: z.number().nonnegative(),
  /** How long a log query waits before it runs. */
  queryQueueMs: z.number().nonnegative(),
  /** Whether a log entry has all fields of 11.0, or only those that tell who, what and how it ended. */
  logFields: z.enum(['all', 'few']),
  /** How long the result of a report or a log query is kept. */
  queryKeptMs: z.number().nonnegative(),
  /** How many rows the saved report `Quota` is limited to. */
  savedReportRows: z.int().positive(),
  /** How long a commit runs, and how it ends. */
  commitMs: z.number().nonnegative(),
  commitResult: z.enum(['OK', 'FAIL']),
  /** Whether a partial commit takes only the changes of the administrators named, or everybody's (seen on 11.1). */
  partialCommit: z.enum(['own', 'everything']),
  /** Whether a commit reaches the peer; if not, the pair is not synchronized from then on. */
  configSync: z.boolean(),
  /** Whether a passive member takes changes of the configuration and commits, or refuses them with code 15. */
  passiveConfiguration: z.enum(['accepted', 'refused']),
});
export type Behaviour = z.infer<typeof Behaviour>;

export const DEFAULT_BEHAVIOUR: Behaviour = {
  backlogs: 'nested',
  passiveDiscard: 'refused',
  freeDelayMs: 0,
  discardSurvivesFailover: false,
  protection: 'on',
  protectionActivatesAt: 80,
  tagSync: false,
  passiveUserId: 'accepted',
  userIdDuringCommit: 'accepted',
  registerAgain: 'exists',
  rebootCountdown: 'continues',
  registeredLimit: 500_000,
  registeredAddresses: 'paged',
  groupDelayMs: 0,
  missingGroup: 'text',
  reportEnvelope: 'response/result/report',
  reportSubmit: 'job',
  queryJobMs: 200,
  queryQueueMs: 0,
  logFields: 'all',
  queryKeptMs: 600_000,
  savedReportRows: 500,
  commitMs: 5_000,
  commitResult: 'OK',
  partialCommit: 'own',
  configSync: true,
  passiveConfiguration: 'refused',
};
