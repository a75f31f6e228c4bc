import { SEATS } from './office.ts';
import type { Platform } from './platform.ts';
import { type Flow, NO_LOAD } from './session.ts';
import type { NewSession } from './session-table.ts';

const VISITS: readonly Pick<Flow, 'destination' | 'destinationPort' | 'protocol' | 'application'>[] = [
  { destination: '198.51.100.20', destinationPort: 443, protocol: 6, application: 'ssl' },
  { destination: '198.51.100.21', destinationPort: 80, protocol: 6, application: 'web-browsing' },
  { destination: '198.51.100.53', destinationPort: 53, protocol: 17, application: 'dns' },
];

/** Harmless sessions of an office day: they use no buffer worth counting, and no remedy may touch them. */
export function backgroundSessions(platform: Platform, now: number): readonly NewSession[] {
  return SEATS.flatMap((seat, row) =>
    VISITS.map((visit, column) => ({
      flow: {
        ...seat,
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
