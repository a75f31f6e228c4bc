import { discardSessions } from '../../src/devices/panos/remedies/discard-sessions/index.ts';
import type { PanosSimulatorOptions } from '../../src/simulators/panos/simulator.ts';
import { PA_VM } from '../../src/simulators/panos/state/platform.ts';
import { driverBench } from '../support/panos-driver.ts';
import { onceRemedyConformance } from './remedy.ts';

const stages: Readonly<Record<string, PanosSimulatorOptions>> = {
  'one firewall': {},
  'an active/passive pair': { highAvailability: 'active-passive' },
  'an active/active pair': { highAvailability: 'active-active' },
  'a virtual firewall': { platform: PA_VM },
};

for (const [what, options] of Object.entries(stages)) {
  onceRemedyConformance(`panos/discard-sessions on ${what}`, async () => {
    const bench = await driverBench({ ...options, credentials: 'key' });
    bench.simulator.abuse({ sessions: 3 });
    return {
      session: bench.session,
      remedy: discardSessions,
      changes: () => bench.simulator.changes().length,
      calm: () => bench.simulator.trouble({ kind: 'end-sessions' }),
      [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
    };
  });
}
