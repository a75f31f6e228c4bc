import { DeviceUnreachable } from '../../src/core/errors.ts';
import { readAnswer, type Reply } from '../../src/devices/panos/reply.ts';
import { SharedUsage } from '../../src/devices/panos/quota/shared-usage.ts';
import { callInWords, type PanosMember, type PanosSession } from '../../src/devices/panos/session.ts';
import type { Command } from '../../src/devices/panos/xml/command.ts';
import { PanosApi } from '../../src/simulators/panos/api.ts';
import { parseCommand } from '../../src/simulators/panos/command-element.ts';
import { commands } from '../../src/simulators/panos/commands/index.ts';
import { buildState } from '../../src/simulators/panos/state/build.ts';
import { DEFAULT_BEHAVIOUR } from '../../src/simulators/panos/state/behaviour.ts';
import type { HaMode } from '../../src/simulators/panos/state/high-availability.ts';
import type { Member } from '../../src/simulators/panos/state/member.ts';
import { PA_5250 } from '../../src/simulators/panos/state/platform.ts';
import type { PanosState } from '../../src/simulators/panos/state/state.ts';
import type { ManualClock } from './manual-clock.ts';

export interface DirectPair {
  readonly state: PanosState;
  readonly session: PanosSession;
}

/**
 * A simulated pair that is asked without the wire, for tests with very many calls. `onChange` sees every change right
 * before it takes effect.
 */
export function directPair(
  clock: ManualClock,
  mode: HaMode,
  onChange: (member: Member, words: string) => void,
): DirectPair {
  const account = { username: 'unclog', password: 'x', apiKey: 'key' };
  const behaviour = DEFAULT_BEHAVIOUR;
  const facts = { name: 'fw', clock, account, platform: PA_5250, highAvailability: mode, behaviour };
  const state = buildState(facts);
  const api = new PanosApi(state, commands);
  const members = state.members.map(member => directMember(api, state, member, onChange));
  const session: PanosSession = {
    device: 'fw',
    clock,
    memory: { get: async () => undefined, put: async () => {} },
    ha: { requireSync: true },
    vsys: undefined,
    quota: undefined,
    usage: new SharedUsage(clock),
    trafficLog: { enabled: false, everyMs: 60_000 },
    members,
    at: () => session,
    rehearse: () => ({ session, calls: [] }),
    close: async () => {},
  };
  return { state, session };
}

function directMember(
  api: PanosApi,
  state: PanosState,
  member: Member,
  onChange: (member: Member, words: string) => void,
): PanosMember {
  const send = (command: Command, change: boolean) => {
    const tried = callInWords(member.name, command);
    state.advance();
    if (member.downUntil !== undefined) throw new DeviceUnreachable({ device: 'fw', tried, found: 'it is down' });
    const cmd = command.form['cmd'] ?? '';
    const parameters = new URLSearchParams({ cmd });
    const { reply, effect } = api.answer(
      {
        method: 'POST',
        path: '/api/',
        type: 'op',
        action: undefined,
        parameters,
        key: 'key',
        keyIn: 'header',
        command: parseCommand(cmd),
        text: command.words,
      },
      member,
    );
    if (change) onChange(member, command.words);
    effect?.();
    return readAnswer({ status: reply.status, headers: {}, body: Buffer.from(reply.body) }, { device: 'fw', tried });
  };
  const read = async (command: Command): Promise<Reply> => {
    const outcome = send(command, false);
    if ('reply' in outcome) return outcome.reply;
    throw new DeviceUnreachable({ device: 'fw', tried: command.words, found: outcome.fault.text });
  };
  const changeForReply = async (command: Command): Promise<Reply> => {
    const outcome = send(command, true);
    if ('reply' in outcome) return outcome.reply;
    throw new DeviceUnreachable({ device: 'fw', tried: command.words, found: outcome.fault.text });
  };
  return {
    name: member.name,
    read,
    readIfSupported: read,
    readIfPresent: read,
    change: async command => (await changeForReply(command)).summary,
    changeForReply,
  };
}
