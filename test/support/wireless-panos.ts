import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Clock } from '../../src/core/clock.ts';
import { DeviceUnreachable } from '../../src/core/errors.ts';
import { callError } from '../../src/devices/panos/fault-error.ts';
import { SharedUsage } from '../../src/devices/panos/quota/shared-usage.ts';
import type { QuotaSettings } from '../../src/devices/panos/quota/settings.ts';
import { type Fault, readAnswer, type Reply } from '../../src/devices/panos/reply.ts';
import { callInWords, type PanosMember, type PanosSession } from '../../src/devices/panos/session.ts';
import type { Command } from '../../src/devices/panos/xml/command.ts';
import { PanosApi } from '../../src/simulators/panos/api.ts';
import { commands } from '../../src/simulators/panos/commands/index.ts';
import { readRequest } from '../../src/simulators/panos/request.ts';
import type { Member } from '../../src/simulators/panos/state/member.ts';
import type { PanosState } from '../../src/simulators/panos/state/state.ts';

/** What becomes of a call that is on its way. */
export type Mishap = 'never-arrived' | 'answer-lost' | 'denied' | 'trouble';

/** Asked before each call: `undefined` lets it pass. A promise that never settles is a process that died. */
export type Gate = (member: string, command: Command, change: boolean) => Mishap | undefined;

export interface Wireless {
  readonly state: PanosState;
  readonly clock: Clock;
  readonly quota: QuotaSettings;
  readonly gate: Gate;
  /** Told of every change that the device made, with its answer. */
  readonly changed: (member: string, command: Command, body: string) => void;
}

/**
 * The driver's session with the simulator's own state machine, without TLS and HTTP between them: requests and answers
 * are the same text, and errors are those that the connection would throw. For histories by the thousand.
 */
export function wirelessSession(parts: Wireless): PanosSession {
  const api = new PanosApi(parts.state, commands);
  const usage = new SharedUsage(parts.clock);
  return view(parts, api, usage, undefined);
}

function view(parts: Wireless, api: PanosApi, usage: SharedUsage, recorded: string[] | undefined): PanosSession {
  const session: PanosSession = {
    device: 'fw-edge',
    clock: parts.clock,
    memory: { get: async () => undefined, put: async () => {} },
    trafficLog: { enabled: false, everyMs: 60_000 },
    vsys: undefined,
    ha: { requireSync: true },
    quota: parts.quota,
    usage,
    members: parts.state.members.map(member => memberOf(parts, api, member, recorded)),
    at: () => session,
    rehearse: () => {
      const calls: string[] = [];
      return { session: view(parts, api, usage, calls), calls };
    },
    close: async () => {},
  };
  return session;
}

function memberOf(parts: Wireless, api: PanosApi, member: Member, recorded: string[] | undefined): PanosMember {
  const call = async (command: Command, change: boolean): Promise<Reply | Fault> => {
    const facts = { device: 'fw-edge', tried: `${command.words} on ${member.name}` };
    const mishap = parts.gate(member.name, command, change);
    parts.state.advance();
    if (mishap === 'never-arrived' || member.downUntil !== undefined) {
      throw new DeviceUnreachable({ ...facts, found: 'no connection', maybeDone: change && mishap !== undefined });
    }
    if (mishap === 'denied') return { kind: 'denied', text: 'code 15' };
    if (mishap === 'trouble') return { kind: 'internal', text: 'code 5' };
    const request = await readRequest(message(command, parts.state.account.apiKey));
    if (!request) throw new RangeError('a request above the limit of the vendor');
    const { reply, effect } = api.answer(request, member);
    effect?.();
    if (change) parts.changed(member.name, command, reply.body);
    if (mishap === 'answer-lost') throw new DeviceUnreachable({ ...facts, found: 'cut off', maybeDone: change });
    const outcome = readAnswer({ status: reply.status, headers: {}, body: Buffer.from(reply.body) }, facts);
    return 'reply' in outcome ? outcome.reply : outcome.fault;
  };
  const asked = async (command: Command, change: boolean, mayBe?: Fault['kind']): Promise<Reply | undefined> => {
    const answer = await call(command, change);
    if (!('kind' in answer)) return answer;
    if (answer.kind === mayBe) return undefined;
    const facts = { device: 'fw-edge', tried: `${command.words} on ${member.name}` };
    throw callError(facts, answer, { change, renewable: false });
  };
  const mustAnswer = async (command: Command): Promise<Reply> => {
    const reply = await asked(command, false);
    if (!reply) throw new TypeError('no reply');
    return reply;
  };
  const changeForReply = async (command: Command) => {
    if (!recorded) return asked(command, true);
    recorded.push(callInWords(member.name, command));
    return undefined;
  };
  return {
    name: member.name,
    read: mustAnswer,
    readIfSupported: command => asked(command, false, 'unsupported'),
    readIfPresent: command => asked(command, false, 'absent'),
    change: async command => (await changeForReply(command))?.summary ?? 'rehearsed, not sent',
    changeForReply,
  };
}

function message(command: Command, key: string): IncomingMessage {
  const body = new URLSearchParams(command.form).toString();
  const head = { url: '/api/', method: 'POST', headers: { 'x-pan-key': key } };
  return Object.assign(Readable.from([Buffer.from(body)]), head) as unknown as IncomingMessage;
}
