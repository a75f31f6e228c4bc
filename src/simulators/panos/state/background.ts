import type { Platform } from './platform.ts';
import { type Flow, NO_LOAD } from './session.ts';
import type { NewSession } from './session-table.ts';

const PEOPLE: readonly Pick<Flow, 'source' | 'user'>[] = [
  { source: '10.1.20.11', user: 'corp\\alice' },
  { source: '10.1.20.12', user: 'corp\\bob' },
  { source: '10.1.20.13', user: 'corp\\carol' },
  { source: '10.1.20.14', user: '' },
];

const VISITS: readonly Pick<Flow, 'destination' | 'destinationPort' | 'protocol' | 'application'>[] = [
  { destination: '198.51.100.20', destinationPort: 443, protocol: 6, application: 'ssl' },
  { destination: '198.51.100.21', destinationPort: 80, protocol: 6, application: 'web-browsing' },
  { destination: '198.51.100.53', destinationPort: 53, protocol: 17, application: 'dns' },
];

/** Harmless sessions of an office day: they use no buffer worth counting, and no remedy may touch them. */
export function backgroundSessions(platform: Platform, now: number): readonly NewSession[] {
  return PEOPLE.flatMap((person, row) =>
    VISITS.map((visit, column) => ({
      flow: {
        ...person,
        ...visit,
        sourcePort: 40_000 + row * 100 + column,
        from: 'trust',
        to: 'untrust',
        rule: 'allow-internet',
      },
      dataplane: platform.dataplanes[(row + column) % platform.dataplanes.length] ?? 'dp0',
      share: NO_LOAD,
      afterDiscard: 'frees',
      offenderAs: 'session',
      bytesPerSecond: 12_000 + 1_000 * row,
      startedAt: now - (row * 3 + column + 1) * 60_000,
    })),
  );
}
