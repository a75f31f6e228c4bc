import { type Sample, sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import { ikeSas, ipsecTunnels } from '../metrics.ts';
import { isSyntaxError } from '../lane.ts';
import { countOf, descendants } from '../replies/tree.ts';
import type { JunosSession } from '../session.ts';

/** 1.3 kB a tunnel: more than a scrape should wait for where there are thousands. */
const CADENCE_SECONDS = 60;

/** Tunnels that are up, tunnels that are configured and down, and the IKE SAs beneath them. */
export const ipsec: Collector<JunosSession> = {
  name: 'ipsec',
  cadence: CADENCE_SECONDS,
  metrics: [ipsecTunnels, ikeSas],
  collect: async (session, signal) => {
    const { tunnels } = await session.tunnels(signal);
    const up = [...tunnels.values()].filter(tunnel => tunnel.up).length;
    const ike = await session.ike(signal);
    const ikeUp = ike.filter(sa => sa.up).length;
    return [
      sample(ipsecTunnels, { state: 'up' }, up),
      ...(await down(session, signal)),
      sample(ikeSas, { state: 'up' }, ikeUp),
      sample(ikeSas, { state: 'down' }, ike.length - ikeUp),
    ];
  },
};

/** A tunnel that is down shows in no table of SAs. Releases that do not know the command give no sample. */
async function down(session: JunosSession, signal: AbortSignal): Promise<readonly Sample[]> {
  try {
    const root = await session.inactiveTunnels(signal);
    const counts = [...descendants(root, 'ipsec-unestablished-tunnel-information')].map(found =>
      countOf(found, 'total-inactive-tunnels'),
    );
    if (counts.length === 0 || counts.includes(undefined)) return [];
    return [
      sample(
        ipsecTunnels,
        { state: 'down' },
        counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
      ),
    ];
  } catch (error) {
    if (isSyntaxError(error)) return [];
    throw error;
  }
}
