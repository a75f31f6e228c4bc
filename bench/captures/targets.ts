import type { Row, Target } from './report.ts';

/** What was measured, by name of the command. */
export interface Results {
  readonly mixed: ReadonlyMap<string, Row>;
  readonly headersOnly: ReadonlyMap<string, Row>;
  readonly dense: ReadonlyMap<string, Row>;
  readonly denseConnections: number;
  readonly open: ReadonlyMap<string, Row>;
  readonly openConnections: number;
}

const TLS_1 = 'unclog captures tls, 1 thread';
const TLS_2 = 'unclog captures tls, 2 threads';
const FORWARDED_2 = 'unclog captures forwarded-for, 2 threads';
const BOTH = 'both in one pass, 1 thread';

/** The figures that the tool is held to. Peers that are missing leave their target out. */
export function targetsOf(results: Results): Target[] {
  const { mixed, headersOnly, dense, open } = results;
  const rate = (rows: ReadonlyMap<string, Row>, name: string): number => {
    const row = rows.get(name);
    return row === undefined ? NaN : row.bytes / row.seconds;
  };
  const against = (own: string, peer: string): number => rate(mixed, own) / rate(mixed, peer);
  const peak = (rows: ReadonlyMap<string, Row>): number => (rows.get(TLS_1)?.peakBytes ?? NaN) / 1e6;
  const targets: Target[] = [
    { what: 'TLS audit, 1 thread, x cat', reached: mixed.get(TLS_1)?.ofCat ?? NaN, must: 0.3, aim: 0.45 },
    { what: 'TLS audit, 2 threads, x cat', reached: mixed.get(TLS_2)?.ofCat ?? NaN, must: 0.45, aim: 0.7 },
    {
      what: 'TLS audit, x hand-written script',
      reached: against(TLS_1, 'script, hello by hand (Python)'),
      must: 15,
      aim: 25,
    },
    { what: 'TLS audit, x tshark', reached: against(TLS_1, 'tshark, TLS fields'), must: 100, aim: 150 },
    { what: 'TLS audit, x suricata', reached: against(TLS_1, 'suricata, eve tls'), must: 1, aim: 5 },
    { what: 'forwarded-for, 2 threads, x rg', reached: against(FORWARDED_2, 'rg -a -c -F'), must: 1, aim: 1.3 },
    { what: 'both, time of TLS alone', reached: against(TLS_1, BOTH), must: 1.3, aim: 1.15, atMost: true },
    { what: 'headers only, million packets/s', reached: packetRate(headersOnly.get(TLS_1)), must: 8, aim: 20 },
    {
      what: 'handshakes/s',
      reached: results.denseConnections / (dense.get(TLS_1)?.seconds ?? NaN),
      must: 60_000,
      aim: 150_000,
    },
    { what: 'peak MB, 1 thread', reached: peak(mixed), must: 160, aim: 80, atMost: true },
    {
      what: 'bytes a live connection',
      reached: ((peak(open) - peak(headersOnly)) * 1e6) / results.openConnections,
      must: 1000,
      aim: 400,
      atMost: true,
    },
  ];
  return targets.filter(target => !Number.isNaN(target.reached));
}

function packetRate(row: Row | undefined): number {
  return row === undefined ? NaN : row.packets / 1e6 / row.seconds;
}
