import { z } from 'zod';
import type { JunosSession } from '../../session.ts';
import type { Peer, TunnelIndex } from '../../values.ts';

/**
 * What the device showed of a peer right before its SAs were cleared. Durable before the first command, so that after
 * a crash the device can be held against it, and a tunnel that came back by itself is not cleared once more.
 */
const Trace = z.strictObject({
  /** When, in milliseconds since the epoch. */
  at: z.number(),
  /** Initiator cookies of the peer's IKE SAs. Absent until the IKE SA is about to be cleared. */
  cookies: z.array(z.string()).optional(),
  /** AH sessions of the peer then. */
  sessions: z.number().optional(),
  /** Inbound SPIs of its tunnels, by index, before the IKE SA was cleared. */
  spis: z.record(z.string(), z.array(z.number())),
  /** Inbound SPIs of the tunnels whose own clear was about to be sent, by index. */
  sent: z.record(z.string(), z.array(z.number())),
});
export type Trace = z.output<typeof Trace>;

/** An older trace may be of another run that was never judged. */
const KEPT_MS = 15 * 60_000;

/** The trace of this run: undefined when there is none, or one that is too old to be sure. */
export async function readTrace(session: JunosSession, peer: Peer): Promise<Trace | undefined> {
  const found = await readAnyTrace(session, peer);
  return found && isOld(session, found) ? undefined : found;
}

export async function readAnyTrace(session: JunosSession, peer: Peer): Promise<Trace | undefined> {
  return Trace.safeParse(await session.memory.get(keyOf(peer))).data;
}

export function isOld(session: JunosSession, trace: Trace): boolean {
  return session.clock.now() - trace.at > KEPT_MS;
}

/** Notes what is about to be cleared. */
export async function noteIke(
  session: JunosSession,
  peer: Peer,
  seen: { readonly cookies: readonly string[]; readonly sessions: number },
  spis: ReadonlyMap<TunnelIndex, readonly number[]>,
): Promise<void> {
  const known = await readTrace(session, peer);
  await write(session, peer, {
    at: session.clock.now(),
    cookies: [...seen.cookies],
    sessions: seen.sessions,
    spis: Object.fromEntries([...spis].map(([index, values]) => [String(index), [...values]])),
    sent: known?.sent ?? {},
  });
}

export async function noteIpsec(
  session: JunosSession,
  peer: Peer,
  index: TunnelIndex,
  spis: readonly number[],
): Promise<void> {
  const known = await readTrace(session, peer);
  await write(session, peer, {
    at: known?.at ?? session.clock.now(),
    ...(known?.cookies ? { cookies: known.cookies } : {}),
    ...(known?.sessions === undefined ? {} : { sessions: known.sessions }),
    spis: known?.spis ?? {},
    sent: { ...known?.sent, [String(index)]: [...spis] },
  });
}

/** The run is over and judged. */
export async function forgetTrace(session: JunosSession, peer: Peer): Promise<void> {
  await session.memory.put(keyOf(peer), null);
}

async function write(session: JunosSession, peer: Peer, trace: Trace): Promise<void> {
  const { cookies, sessions, ...rest } = trace;
  await session.memory.put(keyOf(peer), {
    ...rest,
    ...(cookies === undefined ? {} : { cookies }),
    ...(sessions === undefined ? {} : { sessions }),
  });
}

function keyOf(peer: Peer): string {
  return `clear-ah-peers/${peer}`;
}
