import type { Measurement } from '../../../../core/action.ts';
import type { PeerSurvey } from '../../ah-survey.ts';
import type { Peer } from '../../values.ts';

export function sessionsName(peer: Peer): string {
  return `AH sessions of ${peer}`;
}

export function tunnelsName(peer: Peer): string {
  return `tunnels up with ${peer}`;
}

/** What is kept of a peer before it is cleared. */
export function measurementsOf({ peer, sessions, orphans, tunnels }: PeerSurvey): readonly Measurement[] {
  const up = tunnels.filter(tunnel => tunnel.up).length;
  return [
    { name: sessionsName(peer), value: sessions, unit: 'sessions' },
    { name: `AH sessions of ${peer} without a living SA`, value: orphans, unit: 'sessions' },
    { name: tunnelsName(peer), value: up, unit: 'tunnels' },
  ];
}
