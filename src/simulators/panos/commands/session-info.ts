/** `show session info`: one set of counters for the first dataplane, as a box with several gives it. */
import { type Call, type Command, reads } from '../command.ts';
import { type Reply, success } from '../replies.ts';
import { dataplaneNames } from '../state/platform.ts';
import { fields } from '../xml.ts';

export const sessionInfoCommands: readonly Command[] = [reads('show session info', sessionInfo)];

const TCP = 6;
const UDP = 17;
const ICMP = 1;

function sessionInfo({ member, state }: Call): Reply {
  const sessions = state.sessions(member);
  const count = (protocol: number) => sessions.filter(session => session.flow.protocol === protocol).length;
  const kilobits = sessions.reduce((sum, session) => sum + (session.bytesPerSecond * 8) / 1_000, 0);
  return success(
    ...fields({
      'tmo-def': 30,
      'tmo-tcp': 3_600,
      'tmo-udp': 30,
      'tmo-icmp': 6,
      'dis-def': 60,
      'dis-tcp': 90,
      'dis-udp': 60,
      'dis-sctp': 30,
      'oor-action': 'drop',
      'hw-offload': 'True',
      'strict-checksum': 'True',
      'num-max': state.platform.sessionLimit,
      'num-active': sessions.length,
      'num-tcp': count(TCP),
      'num-udp': count(UDP),
      'num-icmp': count(ICMP),
      'num-bcast': 0,
      'num-mcast': 0,
      'num-predict': 0,
      'num-installed': member.sessions.installed,
      cps: Math.ceil(sessions.length / 10),
      pps: Math.round(kilobits / 8),
      kbps: Math.round(kilobits),
      dp: dataplaneNames(member.dataplanes[0]?.name ?? 'dp0').session,
    }),
  );
}
