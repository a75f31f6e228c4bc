import { sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import { surveyAh } from '../ah-survey.ts';
import { ahPeerExpected, ahPeerOrphans, ahPeers, ahPeerSessions, ahTransitSessions } from '../metrics.ts';
import type { JunosSession } from '../session.ts';

/** A device renders some 300 sessions a second; the list of a full table takes it a minute. */
const CADENCE_SECONDS = 300;

/** AH sessions by peer, and how many of them no living SA accounts for. */
export const ah: Collector<JunosSession> = {
  name: 'ah',
  cadence: CADENCE_SECONDS,
  metrics: [ahPeers, ahTransitSessions, ahPeerSessions, ahPeerExpected, ahPeerOrphans],
  collect: async (session, signal) => {
    const survey = await surveyAh(session, signal);
    return [
      sample(ahPeers, {}, survey.peers.length),
      sample(ahTransitSessions, {}, survey.transit),
      ...survey.peers.flatMap(({ peer, sessions, expected, living, orphans }) => [
        sample(ahPeerSessions, { peer }, sessions),
        sample(ahPeerExpected, { peer }, expected),
        // Without one SPI that matches, the ports may not be SPIs at all (facts: junos, 12).
        ...(living > 0 ? [sample(ahPeerOrphans, { peer }, orphans)] : []),
      ]),
    ];
  },
};
