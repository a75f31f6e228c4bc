/** `request session-discard` and `clear session id`. */
import { type Answer, type Call, changes, type Command } from '../command.ts';
import { childText } from '../command-element.ts';
import { failure, invalidArgument, success } from '../replies.ts';
import { carriesTraffic } from '../state/member.ts';
import { sessionId } from '../session-id.ts';
import { element } from '../xml.ts';

export const sessionChangeCommands: readonly Command[] = [
  changes('request session-discard', discard),
  changes('clear session id', clear),
];

const DEFAULT_TIMEOUT_S = 60;
const LONGEST_TIMEOUT_S = 15_999_999;

function discard({ argument, member, state }: Call): Answer {
  const words = ['request', 'session-discard'];
  const idText = argument && childText(argument, 'id');
  const id = sessionId(idText);
  if (id === undefined) return { reply: invalidArgument([...words, 'id'], idText ?? '') };
  const timeoutText = (argument && childText(argument, 'timeout')) ?? String(DEFAULT_TIMEOUT_S);
  const timeout = Number(timeoutText);
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > LONGEST_TIMEOUT_S) {
    return { reply: invalidArgument([...words, 'timeout'], timeoutText) };
  }
  if (!carriesTraffic(member) && state.behaviour.passiveDiscard === 'refused') {
    return { reply: failure(15, 'Operation not allowed on a passive device') };
  }
  const reason = (argument && childText(argument, 'reason')) ?? '';
  return {
    // The answer on a device is not known; a client must read the session again instead of trusting it.
    reply: success(element('member', `session ${id} discarded`)),
    effect: () => {
      const session = member.sessions.find(id, state.now());
      if (session && !session.discarded) session.discarded = { at: state.now(), timeoutMs: timeout * 1_000, reason };
    },
  };
}

function clear({ argument, member, state }: Call): Answer {
  const id = sessionId(argument?.text);
  if (id === undefined) return { reply: invalidArgument(['clear', 'session', 'id'], argument?.text ?? '') };
  if (!carriesTraffic(member)) return { reply: failure(15, 'Operation not allowed on a passive device') };
  return {
    reply: success(element('member', 'sessions cleared')),
    effect: () => {
      const session = member.sessions.find(id, state.now());
      if (session) session.endedAt = state.now();
    },
  };
}
