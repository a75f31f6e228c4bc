/** `show session id N`. Field names from public clients of this reply; no capture of it is known. */
import { type Call, type Command, reads } from '../command.ts';
import { invalidArgument, type Reply, success } from '../replies.ts';
import { carriesTraffic } from '../state/member.ts';
import { ctime } from '../state/local-time.ts';
import { bytesAt, phaseAt, type Session } from '../state/session.ts';
import type { PanosState } from '../state/state.ts';
import { dataplaneNames } from '../state/platform.ts';
import { sessionId } from '../session-id.ts';
import { fields, type Xml } from '../xml.ts';

export const sessionCommands: readonly Command[] = [reads('show session id', showSession)];

const BYTES_A_PACKET = 800;
const UPLOAD_PART = 0.9;

function showSession({ argument, member, state }: Call): Reply {
  const id = sessionId(argument?.text);
  if (id === undefined) return invalidArgument(['show', 'session', 'id'], argument?.text ?? '');
  const session = carriesTraffic(member) ? member.sessions.find(id, state.now()) : undefined;
  // Success all the same: a client that looks at the status alone believes the session is there.
  if (!session) return success(`Session ${id}\nBad Key: c2s: 'c2s'\nBad Key: s2c: 's2c'\n`);
  return success(...details(state, session));
}

function details(state: PanosState, session: Session): Xml[] {
  const now = state.now();
  const { flow } = session;
  const { slot } = dataplaneNames(session.dataplane);
  const octets = bytesAt(session, now);
  const upload = Math.round(octets * UPLOAD_PART);
  const timeoutMs = session.discarded?.timeoutMs ?? (flow.protocol === 6 ? 3_600_000 : 30_000);
  const ttlMs = session.discarded ? session.discarded.at + timeoutMs - now : timeoutMs;
  const direction = (values: Record<string, string | number>) =>
    fields({
      ...values,
      proto: flow.protocol,
      state: phaseAt(session, now),
      type: 'FLOW',
      ipver: ipVersion(flow.source),
    });
  return fields({
    slot: slot.slice(1),
    cpu: 1,
    c2s: direction({
      source: flow.source,
      'source-zone': flow.from,
      dst: flow.destination,
      sport: flow.sourcePort,
      dport: flow.destinationPort,
      'src-user': flow.user === '' ? 'unknown' : flow.user,
      'dst-user': 'unknown',
    }),
    s2c: direction({
      source: flow.destination,
      'source-zone': flow.to,
      dst: flow.source,
      sport: flow.destinationPort,
      dport: flow.sourcePort,
      'src-user': 'unknown',
      'dst-user': flow.user === '' ? 'unknown' : flow.user,
    }),
    'start-time': ctime(session.startedAt, state.platform.timeZone),
    timeout: Math.round(timeoutMs / 1_000),
    ttl: Math.max(0, Math.ceil(ttlMs / 1_000)),
    vsys: 'vsys1',
    application: flow.application,
    rule: flow.rule,
    'c2s-octets': upload,
    'c2s-packets': Math.ceil(upload / BYTES_A_PACKET),
    's2c-octets': octets - upload,
    's2c-packets': Math.ceil((octets - upload) / BYTES_A_PACKET),
    'nat-src': 'False',
    'nat-dst': 'False',
    'l7-proc': 'enabled',
    'host-session': 'False',
    'tunnel-session': 'False',
    'igr-if': 'ethernet1/21',
    'egr-if': 'ethernet1/22',
    'qos-class': 4,
    'end-reason': session.discarded ? 'session discard' : 'unknown',
  });
}

function ipVersion(address: string): number {
  return address.includes(':') ? 6 : 4;
}
