import type { Srx } from '../srx.ts';
import { type Element, element } from '../xml.ts';

const XMLNS = 'xmlns="http://xml.juniper.net/junos/24.4R0/junos-flow"';
const LIMIT = 524_288;
/** Sessions that are not of tunnels. */
const OTHER = 37;

/** The counts of one node: `show security flow session summary`. */
export function summary(srx: Srx, sessions: number): readonly Element[] {
  const counts = (valid: number): Element =>
    element('flow-session-summary-information', [
      element('active-unicast-sessions', valid),
      element('active-multicast-sessions', 0),
      element('failed-sessions', 0),
      element('active-sessions', valid + 11),
      element('active-session-valid', valid),
      element('active-session-pending', 0),
      element('active-session-invalidated', 11),
      element('active-session-other', 0),
      element('max-sessions', LIMIT),
    ]);
  const all = sessions + OTHER;
  if (srx.form === 'multi-spu') return perSpu(srx, all, counts);
  if (srx.release === 'old')
    return [element('flow-session-information', []), counts(all), element('flow-session-information', [])];
  return [element('security-flow-information', [element('flow-session-information', [counts(all)], XMLNS)], XMLNS)];
}

/** The count of one node under a filter. */
export function filteredSummary(srx: Srx, sessions: number): readonly Element[] {
  const counts = (count: number) => [
    element('displayed-session-valid', count),
    element('displayed-session-pending', 0),
    element('displayed-session-other', 0),
    element('displayed-session-count', count),
  ];
  const containers =
    srx.form === 'multi-spu'
      ? SPUS.map((spu, at) =>
          element('flow-session-information', [element('flow-fpc-pic-id', spu.place), ...counts(share(sessions, at))]),
        )
      : [element('flow-session-information', counts(sessions), XMLNS)];
  return srx.release === 'old' ? containers : [element('security-flow-information', containers, XMLNS)];
}

export const SPUS = [
  { pic: 1, place: ' on FPC0 PIC1:' },
  { pic: 2, place: ' on FPC0 PIC2:' },
  { pic: 3, place: ' on FPC0 PIC3:' },
] as const;

/** How many of `sessions` stand on the SPU of that place in the row: none on the first, as is often seen. */
export function share(sessions: number, spu: number): number {
  if (spu === 0) return 0;
  return spu === 1 ? Math.floor(sessions / 2) : sessions - Math.floor(sessions / 2);
}

function perSpu(srx: Srx, all: number, counts: (valid: number) => Element): readonly Element[] {
  if (srx.release === 'old') {
    return SPUS.flatMap((spu, at) => [
      element('flow-session-information', [element('flow-fpc-pic-id', spu.place)]),
      counts(share(all, at)),
      element('flow-session-information', []),
    ]);
  }
  const pics = SPUS.map((spu, at) =>
    element('flow-session-per-pic', [
      element('flow-fpc-id', 0),
      element('flow-pic-id', spu.pic),
      counts(share(all, at)),
    ]),
  );
  return [element('flow-session-information', pics, XMLNS)];
}
