/** The shapes that the unproven reply of `ingress-backlogs` can be ordered in. */
import type { Behaviour } from './state/behaviour.ts';
import type { Session } from './state/session.ts';
import { cdata, element, fields, type Xml } from './xml.ts';

interface BacklogDataplane {
  readonly slot: string;
  readonly dp: string;
  /** Percent of on-chip packet descriptors in use. */
  readonly usage: number;
  readonly sessions: readonly Session[];
}

type Shape = (dataplanes: readonly BacklogDataplane[]) => Xml[];

export const backlogShapes: Readonly<Record<Exclude<Behaviour['backlogs'], 'unsupported'>, Shape>> = {
  /** One entry per dataplane, inside it one entry per session: the reconstruction. */
  nested: dataplanes =>
    dataplanes.map(dataplane =>
      element('entry', ...usage(dataplane), ...dataplane.sessions.map(s => element('entry', ...whole(s)))),
    ),
  /** One entry per session with the column titles of the CLI table as elements; no c2s block. */
  columns: dataplanes =>
    dataplanes.flatMap(({ sessions }) => sessions.map(s => element('entry', ...head(s), ...columns(s)))),
  /** No element round a session: which details belong to which id is a matter of order. Ambiguous. */
  flat: dataplanes => dataplanes.map(d => element('entry', ...usage(d), ...d.sessions.flatMap(whole))),
  /** Ids in one block, details in another that repeats the id, as the CLI prints it. */
  split: dataplanes =>
    dataplanes.map(dataplane =>
      element(
        'entry',
        ...usage(dataplane),
        element('TOP-SESSIONS', ...dataplane.sessions.map(s => element('entry', ...head(s)))),
        element('SESSION-DETAILS', ...dataplane.sessions.map(s => element('entry', id(s), ...columns(s)))),
      ),
    ),
  /** Flat, and the first session has no application: reading by position gives it the next one's. Ambiguous. */
  shifted: dataplanes =>
    dataplanes.map(dataplane =>
      element(
        'entry',
        ...usage(dataplane),
        ...dataplane.sessions.flatMap((s, index) => (index === 0 ? [...head(s), client(s)] : whole(s))),
      ),
    ),
  /** The CLI's text in one CDATA section. */
  text: dataplanes => [element('member', cdata(dataplanes.map(asText).join('\n')))],
  /** Well-grouped, but every id is one that no session has: a client must confirm ids before it acts. */
  'foreign-ids': dataplanes =>
    dataplanes.map(dataplane =>
      element(
        'entry',
        ...usage(dataplane),
        ...dataplane.sessions.map(s => element('entry', ...whole({ ...s, id: s.id + 900_000 }))),
      ),
    ),
};

function usage({ slot, dp, usage }: BacklogDataplane): Xml[] {
  return fields({ SLOT: slot, DP: dp, ATOMIC: usage, TOTAL: Math.min(100, usage + 1) });
}

function whole(session: Session): Xml[] {
  return [...head(session), client(session), element('application', session.flow.application)];
}

function id(session: Session): Xml {
  return element('SESS-ID', session.id);
}

function head(session: Session): Xml[] {
  const percent = Math.round(session.share.onChipDescriptor);
  return [id(session), ...fields({ PCT: percent, 'GRP-ID': 1, COUNT: percent * 17 })];
}

function client({ flow }: Session): Xml {
  const values = fields({
    source: flow.source,
    'source-zone': flow.from,
    dst: flow.destination,
    proto: flow.protocol,
    sport: flow.sourcePort,
    dport: flow.destinationPort,
  });
  return element('c2s', ...values);
}

function columns({ flow }: Session): Xml[] {
  return fields({
    PROTO: flow.protocol,
    SZONE: flow.from,
    SRC: flow.source,
    SPORT: flow.sourcePort,
    DST: flow.destination,
    DPORT: flow.destinationPort,
    'IGR-IF': 'ethernet1/21',
    'EGR-IF': 'ethernet1/22',
    APP: flow.application,
  });
}

function asText({ slot, dp, usage, sessions }: BacklogDataplane): string {
  const top = sessions.map(
    s => `${s.id} ${Math.round(s.share.onChipDescriptor)}% 1 ${Math.round(s.share.onChipDescriptor * 17)}`,
  );
  const details = sessions.map(
    ({ id, flow }) =>
      [id, flow.protocol, flow.from, flow.source, flow.sourcePort, flow.destination, flow.destinationPort].join(' ') +
      ` ethernet1/21 ethernet1/22 ${flow.application}`,
  );
  return [
    `-- SLOT:${slot}, DP:${dp} -- USAGE - ATOMIC: ${usage}%  TOTAL: ${Math.min(100, usage + 1)}%`,
    'TOP SESSIONS:SESS-ID      PCT   GRP-ID   COUNT',
    ...top,
    'SESSION DETAILS SESS-ID PROTO SZONE SRC SPORT DST DPORT IGR-IF EGR-IF APP',
    ...details,
  ].join('\n');
}
