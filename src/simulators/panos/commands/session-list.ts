/** `show session all`, with its filter and its count form. Entry fields and their order as recorded. */
import { type Call, type Command, reads } from '../command.ts';
import { child, type CommandElement } from '../command-element.ts';
import { type Reply, success, unexpectedCommand } from '../replies.ts';
import { carriesTraffic } from '../state/member.ts';
import { ctime } from '../state/local-time.ts';
import { bytesAt, phaseAt, type Session } from '../state/session.ts';
import type { PanosState } from '../state/state.ts';
import { element, fields, type Xml } from '../xml.ts';

export const sessionListCommands: readonly Command[] = [reads('show session all', listSessions)];

type Test = (session: Session, value: string, now: number) => boolean;

const filters: Readonly<Record<string, Test>> = {
  source: ({ flow }, value) => flow.source === value,
  destination: ({ flow }, value) => flow.destination === value,
  'source-port': ({ flow }, value) => flow.sourcePort === Number(value),
  'destination-port': ({ flow }, value) => flow.destinationPort === Number(value),
  protocol: ({ flow }, value) => flow.protocol === Number(value),
  from: ({ flow }, value) => flow.from === value,
  to: ({ flow }, value) => flow.to === value,
  application: ({ flow }, value) => flow.application === value,
  rule: ({ flow }, value) => flow.rule === value,
  'source-user': ({ flow }, value) => flow.user === value,
  state: (session, value, now) => phaseAt(session, now).toLowerCase() === value.toLowerCase(),
  'min-kb': (session, value, now) => bytesAt(session, now) >= Number(value) * 1_024,
  'min-age': (session, value, now) => now - session.startedAt >= Number(value) * 1_000,
};

function listSessions({ argument, member, state }: Call): Reply {
  const filter = argument && child(argument, 'filter');
  const conditions = filter?.children.filter(condition => condition.name !== 'count') ?? [];
  const unknown = conditions.find(condition => !Object.hasOwn(filters, condition.name));
  if (unknown) return unexpectedCommand(['show', 'session', 'all', 'filter', unknown.name]);
  const now = state.now();
  const sessions = carriesTraffic(member) ? state.sessions(member) : [];
  const chosen = sessions.filter(session => conditions.every(condition => matches(session, condition, now)));
  if (filter && child(filter, 'count')?.text === 'yes') return success(element('member', chosen.length));
  return success(...chosen.map(session => entry(state, session)));
}

function matches(session: Session, condition: CommandElement, now: number): boolean {
  return filters[condition.name]?.(session, condition.text, now) ?? false;
}

function entry(state: PanosState, session: Session): Xml {
  const { flow } = session;
  const values = fields({
    dst: flow.destination,
    xsource: flow.source,
    source: flow.source,
    xdst: flow.destination,
    xsport: flow.sourcePort,
    xdport: flow.destinationPort,
    sport: flow.sourcePort,
    dport: flow.destinationPort,
    proto: flow.protocol,
    from: flow.from,
    to: flow.to,
    'start-time': ctime(session.startedAt, state.platform.timeZone),
    nat: 'False',
    srcnat: 'False',
    dstnat: 'False',
    proxy: 'False',
    'decrypt-mirror': 'False',
    state: phaseAt(session, state.now()),
    type: 'FLOW',
    'total-byte-count': bytesAt(session, state.now()),
    idx: session.id,
    'vsys-idx': 1,
    vsys: 'vsys1',
    application: flow.application,
    'security-rule': flow.rule,
    ingress: 'ethernet1/21',
    egress: 'ethernet1/22',
    flags: ' ',
  });
  return element('entry', ...values);
}
