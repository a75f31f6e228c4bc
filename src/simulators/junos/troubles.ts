/** Everything that can be ordered of a simulated SRX by name, as JSON. A new trouble is a line in this table. */
import { z } from 'zod';
import type { Json } from '../../core/json.ts';
import type { Peer, Srx } from './srx.ts';

const OfPeer = z.strictObject({ peer: z.string().optional() });
/** Sessions of dead SAs pile up on a peer's first tunnel; `sessions` says how many there shall be. */
const PileUp = z.strictObject({ peer: z.string().optional(), sessions: z.int().nonnegative().default(12_000) });
const Secondary = z.strictObject({
  state: z.enum(['secondary', 'secondary-hold', 'lost', 'disabled', 'hold', 'ineligible']),
});
const Owner = z.strictObject({ node: z.literal([0, 1]) });
const Populate = z.strictObject({ peers: z.int().positive(), tunnelsEach: z.int().positive() });
const Habits = z
  .strictObject({
    renewMs: z.number().nonnegative(),
    ikeClear: z.enum(['keeps-ipsec', 'drops-ipsec']),
    ipsecClear: z.enum(['frees-sessions', 'leaves-sessions']),
    peersReturn: z.boolean(),
  })
  .partial();

type Trouble = (srx: Srx, order: Readonly<Record<string, unknown>>) => Json;

const troubles: Readonly<Record<string, Trouble>> = {
  'pile-up': (srx, order) => {
    const { peer, sessions } = PileUp.parse(order);
    const found = peerOf(srx, peer);
    const [tunnel] = found.tunnels;
    if (tunnel) tunnel.stale = sessions;
    return { peer: found.address, sessions: srx.sessionsOf(found) };
  },
  rekey: (srx, order) => {
    const found = peerOf(srx, OfPeer.parse(order).peer);
    for (const tunnel of found.tunnels) srx.rekey(tunnel);
    return { peer: found.address };
  },
  'peer-down': (srx, order) => {
    const found = peerOf(srx, OfPeer.parse(order).peer);
    for (const tunnel of found.tunnels) tunnel.upAt = Infinity;
    found.ikeUpAt = Infinity;
    return { peer: found.address };
  },
  secondary: (srx, order) => ({ state: (srx.secondary = Secondary.parse(order).state) }),
  owner: (srx, order) => ({ node: (srx.owner = Owner.parse(order).node) }),
  populate: (srx, order) => {
    const { peers, tunnelsEach } = Populate.parse(order);
    srx.populate(peers, tunnelsEach);
    return { sessions: srx.sessions };
  },
  behaviour: (srx, order) => ({ ...Object.assign(srx.behaviour, Habits.parse(order)) }),
};

const Named = z.looseObject({ kind: z.string() });

/** Orders a trouble given as `{ "kind": "pile-up", … }`. Throws with what was wrong when the order makes no sense. */
export function makeTrouble(srx: Srx, order: unknown): Json {
  const { kind, ...rest } = Named.parse(order);
  const trouble = Object.hasOwn(troubles, kind) ? troubles[kind] : undefined;
  if (!trouble) throw new RangeError(`no trouble "${kind}"; known are ${Object.keys(troubles).join(', ')}`);
  return trouble(srx, rest);
}

/** The peer of that address; without one the first. */
function peerOf(srx: Srx, address: string | undefined): Peer {
  const found = address === undefined ? srx.peers[0] : srx.peer(address);
  if (!found) throw new RangeError(`no peer ${address ?? 'at all'}`);
  return found;
}
