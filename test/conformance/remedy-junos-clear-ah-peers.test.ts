import { clearAhPeers } from '../../src/devices/junos/remedies/clear-ah-peers/index.ts';
import type { JunosSession } from '../../src/devices/junos/session.ts';
import type { OnceRemedy } from '../../src/devices/contract.ts';
import { type BenchOptions, junosBench } from '../support/junos.ts';
import { onceRemedyConformance } from './remedy.ts';

const stages: Readonly<Record<string, BenchOptions>> = {
  'a standalone SRX over SSH': {},
  'a standalone SRX over NETCONF': { scheme: 'netconf' },
  'an SRX cluster': { form: 'cluster' },
  'an SRX with several SPUs, of an old release': { form: 'multi-spu', release: 'old' },
};

for (const [what, options] of Object.entries(stages)) {
  onceRemedyConformance(`junos/clear-ah-peers on ${what}`, async () => {
    const bench = await junosBench({ ...options, entry: { ah: { min_total_sessions: 5_001 } } });
    const [tunnel] = bench.sim.srx.peers[0]?.tunnels ?? [];
    if (tunnel) tunnel.stale = 6_000;
    return {
      session: bench.session,
      remedy: clearAhPeers as OnceRemedy<JunosSession>,
      changes: () => bench.sim.changes().length,
      calm: () => {
        if (tunnel) tunnel.stale = 0;
      },
      [Symbol.asyncDispose]: () => bench.close(),
    };
  });
}
