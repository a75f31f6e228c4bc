import { z } from 'zod';
import type { Flow, Session } from '../state/session.ts';
import type { PanosState } from '../state/state.ts';
import { busyMember } from './busy-member.ts';

const percent = z.number().min(0).max(100);

/**
 * Sessions that eat one dataplane's packet buffer. `share` is what each of them takes; without it they share what is
 * missing to `raiseTo`.
 */
export const Abuse = z.strictObject({
  member: z.string().optional(),
  dataplane: z.string().optional(),
  sessions: z.int().min(1).max(10_000).default(1),
  share: percent.optional(),
  raiseTo: percent.default(92),
  /** Of the on-chip packet descriptors, which ingress-backlogs lists; equal to `share` when absent. 0 hides them there. */
  onChipShare: percent.optional(),
  source: z.string().default('203.0.113.66'),
  destination: z.string().default('10.1.8.89'),
  destinationPort: z.int().min(0).max(65_535).default(5_060),
  protocol: z.int().min(0).max(255).default(17),
  from: z.string().default('untrust'),
  to: z.string().default('trust'),
  application: z.string().default('unknown-udp'),
  user: z.string().default(''),
  rule: z.string().default('allow-voice'),
  afterDiscard: z.enum(['frees', 'stays', 'worsens']).default('frees'),
  offenderAs: z.enum(['session', 'address']).default('session'),
  /** Gives the first session this id, which must be free: ids are reused on a device. */
  id: z.int().positive().optional(),
});
export type Abuse = z.input<typeof Abuse>;

const FIRST_PORT = 20_000;
const BYTES_PER_SECOND = 4_000_000;

/** Opens the abusive sessions and returns them, largest share first. */
export function abuse(state: PanosState, order: Abuse = {}): readonly Session[] {
  const wanted = Abuse.parse(order);
  const member = wanted.member === undefined ? busyMember(state) : state.member(wanted.member);
  const dataplane = member.dataplanes.find(({ name }) => name === (wanted.dataplane ?? member.dataplanes.at(-1)?.name));
  if (!dataplane) throw new RangeError(`no dataplane ${wanted.dataplane ?? ''} on ${member.name}`);
  const missing = Math.max(0, wanted.raiseTo - state.load(member, dataplane).packetBuffer);
  const share = wanted.share ?? missing / wanted.sessions;
  const onChip = state.platform.virtual ? 0 : (wanted.onChipShare ?? share);
  return Array.from({ length: wanted.sessions }, (_, index) =>
    member.sessions.open(
      {
        flow: flowOf(wanted, index),
        dataplane: dataplane.name,
        share: { packetBuffer: share, packetDescriptor: share / 4, onChipDescriptor: onChip },
        afterDiscard: wanted.afterDiscard,
        offenderAs: wanted.offenderAs,
        bytesPerSecond: BYTES_PER_SECOND,
        startedAt: state.now(),
      },
      index === 0 ? wanted.id : undefined,
    ),
  );
}

function flowOf(wanted: z.output<typeof Abuse>, index: number): Flow {
  const { source, destination, destinationPort, protocol, from, to, application, user, rule } = wanted;
  const sourcePort = FIRST_PORT + (index % 40_000);
  return { source, destination, sourcePort, destinationPort, protocol, from, to, application, user, rule };
}
