/** `show session packet-buffer-protection`: one element per dataplane, its name full of dots. */
import { type Call, type Command, reads } from '../command.ts';
import { failure, type Reply, success } from '../replies.ts';
import { carriesTraffic, type Dataplane } from '../state/member.ts';
import { offenders } from '../state/offenders.ts';
import { dataplaneNames } from '../state/platform.ts';
import type { Session } from '../state/session.ts';
import { element, fields, type Xml } from '../xml.ts';

export const packetBufferProtectionCommands: readonly Command[] = [
  reads('show session packet-buffer-protection', protection),
  reads('show session packet-buffer-protection buffer-latency', () =>
    success(element('member', 'Buffer latency measurement is disabled.')),
  ),
];

const BUFFERS = 17_203;

function protection(call: Call): Reply {
  const { member, state } = call;
  if (state.behaviour.protection === 'off') return failure(17, 'Packet buffer protection is disabled');
  if (!carriesTraffic(member)) return success();
  return success(
    ...member.dataplanes.map(dataplane => {
      const name = `${dataplaneNames(dataplane.name).component}.packet-buffer-protection`;
      return element(name, ...dataplaneFields(call, dataplane));
    }),
  );
}

function dataplaneFields({ member, state }: Call, dataplane: Dataplane): Xml[] {
  const { protection, protectionActivatesAt } = state.behaviour;
  const { packetBuffer } = state.load(member, dataplane);
  const running = protection === 'on' && packetBuffer >= protectionActivatesAt;
  const listed = packetBuffer >= protectionActivatesAt ? offenders(state, member, dataplane) : [];
  return fields({
    'is-module-enabled': 'True',
    'is-monitor-only': protection === 'monitor-only' ? 'True' : 'False',
    congestion: Math.round((packetBuffer / 100) * BUFFERS),
    'congestion-max': BUFFERS,
    'max-tolerate': Math.floor(BUFFERS * 0.8),
    'use-latency': 0,
    'latency-activate-thresh': 200,
    'latency-deactivate-thresh': 100,
    'latency-max-tolerate-thresh': 500,
    'last-latency': 0,
    'is-mitigation-enabled': protection === 'on' ? 'True' : 'False',
    'is-running': running ? 'True' : 'False',
    'use-buffer': listed.length > 0 ? 1 : undefined,
    entries:
      listed.length > 0
        ? listed.map((session, index) => offenderEntry(session, index, running, state.now()))
        : undefined,
  });
}

function offenderEntry(session: Session, index: number, dropping: boolean, now: number): Xml {
  const seconds = Math.max(0, Math.floor((now - session.startedAt) / 1_000));
  const packets = Math.round(session.share.packetBuffer * 90);
  return element(
    'entry',
    ...fields({
      value: session.offenderAs === 'session' ? session.id : session.flow.source,
      zone: session.flow.from,
      pcs: packets,
      perc: Math.round(session.share.packetBuffer),
      'drop-state': dropping ? 'Yes' : 'No',
      'num-total': packets * (seconds + 1),
      'num-dropped': dropping ? seconds * 9 : 0,
      'time-till-discard': Math.max(0, 60 - seconds),
      'heap-index': index,
    }),
  );
}
