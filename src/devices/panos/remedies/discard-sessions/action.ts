import { z } from 'zod';
import type { Action } from '../../../../core/action.ts';
import { Bug, Refusal } from '../../../../core/errors.ts';
import type { Target } from '../../../../core/target.ts';
import { discardSession } from '../../commands.ts';
import { callInWords, type PanosMember, type PanosSession } from '../../session.ts';
import type { Command } from '../../xml/command.ts';
import type { Offender } from './confirm.ts';
import type { DiscardOptions } from './options.ts';

/** What is kept of an action in the ledger, enough to find the session again after a restart. */
const discardData = z.object({
  member: z.string(),
  id: z.string().regex(/^[1-9]\d{0,9}$/),
  identity: z.object({
    source: z.string(),
    destination: z.string(),
    protocol: z.number(),
    sourcePort: z.number(),
    destinationPort: z.number(),
    startTime: z.string(),
    zone: z.string(),
    application: z.string(),
  }),
  timeoutSeconds: z.number(),
  /** The options that verification needs. */
  threshold: z.number(),
  verifyWithinMs: z.number(),
});

export type DiscardData = z.output<typeof discardData>;

/** The discard of one session. What moves with every read, as its share, stands in the evidence only. */
export function discardAction(offender: Offender, options: DiscardOptions): Action {
  const { member, id, dataplane, session, evidence } = offender;
  const { identity } = session;
  const data = {
    member: member.name,
    id,
    identity: { ...identity },
    timeoutSeconds: options.discard_timeout / 1_000,
    threshold: options.threshold,
    verifyWithinMs: options.verify_within,
  } satisfies DiscardData;
  const since = `show session id: ${session.state} since ${identity.startTime}`;
  return {
    subject: `session ${id} (${flowInWords(identity)}) on ${dataplane === undefined ? '' : `${dataplane} of `}${member.name}`,
    touches: touches(session),
    calls: [callInWords(member.name, discardCommand(data))],
    evidence: [...evidence, `${since}, application ${identity.application}, zone ${identity.zone}`],
    data,
  };
}

/** Throws Bug when the data is not what `discardAction` writes. */
export function readDiscardData(data: unknown): DiscardData {
  const parsed = discardData.safeParse(data);
  if (!parsed.success) throw new Bug(`not the data of a discard: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

export function discardCommand({ id, timeoutSeconds }: DiscardData): Command {
  return discardSession(id, timeoutSeconds);
}

/** Throws Refusal `unknown-member` when the configuration does not name it any more. */
export function memberOf(session: PanosSession, { member }: DiscardData): PanosMember {
  const found = session.members.find(({ name }) => name === member);
  if (found) return found;
  throw new Refusal('unknown-member', `${member} is no address of ${session.device} any more`);
}

/** All that a discard cuts off: both ends, before and after address translation, and the users behind them. */
function touches({ addresses, users }: Offender['session']): Action['touches'] {
  return [
    ...addresses.map((value): Exclude<Target, { kind: 'device' }> => ({ kind: 'address', value })),
    ...users.map((value): Exclude<Target, { kind: 'device' }> => ({ kind: 'user', value })),
  ];
}

/** `10.0.0.5:1025 → [2001:db8::9]:53/17`. */
function flowInWords(identity: DiscardData['identity']): string {
  const end = (address: string, port: number) => `${address.includes(':') ? `[${address}]` : address}:${port}`;
  const { source, sourcePort, destination, destinationPort, protocol } = identity;
  return `${end(source, sourcePort)} → ${end(destination, destinationPort)}/${protocol}`;
}
