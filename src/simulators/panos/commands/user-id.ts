/** `type=user-id`: tags on addresses and users. Reply shapes and harmless messages as recorded by public clients. */
import type { Answer, Call, Command } from '../command.ts';
import { failure, failureWithoutCode, notAuthorizedDuringCommit, success } from '../replies.ts';
import { canonicalAddress } from '../state/tags/address.ts';
import { runningJob } from '../state/jobs.ts';
import { carriesTraffic, type Member } from '../state/member.ts';
import { LONGEST_TIMEOUT_S, Registration, type RegistrationFailure } from '../state/tags/registration.ts';
import type { PanosState } from '../state/state.ts';
import { type ListName, LISTS, readUidMessage, type TagOrder, type UidMessage } from '../uid-message.ts';
import { inVsys } from '../vsys.ts';
import { element, elementWith, type Xml } from '../xml.ts';

export const userIdCommands: readonly Command[] = [{ type: 'user-id', changes: true, answer: inVsys(userId) }];

function userId({ member, request, state }: Call, vsys: string): Answer {
  const { passiveUserId, tagSync, userIdDuringCommit } = state.behaviour;
  if (userIdDuringCommit === 'refused' && runningJob(member, state.now(), 'Commit')) {
    return { reply: notAuthorizedDuringCommit('user-id') };
  }
  const passive = member.haState !== undefined && !carriesTraffic(member);
  if (passive && passiveUserId === 'refused')
    return { reply: failure(15, 'Operation not allowed on a passive device') };
  if (!request.command) return { reply: failure(18, 'Malformed command') };
  const message = readUidMessage(request.command);
  if (!message) return { reply: failure(12, 'Invalid uid-message') };
  const work = workOut(state, member, message, vsys);
  const peer = tagSync && !passive ? state.reachablePeer(member) : undefined;
  return {
    reply: replyOf(work.failures),
    effect: () => {
      const copied = peer && workOut(state, peer, message, vsys);
      work.commit();
      copied?.commit();
    },
  };
}

interface Work {
  /** By list, as the message had them. */
  readonly failures: ReadonlyMap<ListName, readonly RegistrationFailure[]>;
  commit(): void;
}

function workOut(state: PanosState, member: Member, message: UidMessage, vsys: string): Work {
  const { registerAgain, registeredLimit: limit } = state.behaviour;
  const rules = { now: state.now(), registerAgain, limit };
  const addresses = new Registration(member.registeredAddresses, vsys, { ...rules, noun: 'ip' });
  const users = new Registration(member.registeredUsers, vsys, { ...rules, noun: 'user' });
  const failures = LISTS.flatMap(name => {
    const list = message.get(name);
    if (!list) return [];
    const registration = name.endsWith('-user') ? users : addresses;
    const work = name.startsWith('unregister') ? unregister : register;
    for (const order of list) work(registration, order, name, state.now());
    return [[name, registration.takeFailures()] as const];
  });
  return {
    failures: new Map(failures),
    commit: () => {
      addresses.commit();
      users.commit();
    },
  };
}

function unregister(registration: Registration, order: TagOrder, list: ListName): void {
  registration.unregister(
    subjectOf(order, list) ?? order.subject,
    order.tags.map(({ name }) => name),
  );
}

function register(registration: Registration, order: TagOrder, list: ListName, since: number): void {
  const subject = subjectOf(order, list);
  for (const { name, timeout } of order.tags) {
    const seconds = /^\d{1,9}$/.test(timeout) ? Number(timeout) : NaN;
    if (subject === undefined) registration.refuse(order.subject, name, 'invalid address');
    else if (!(seconds <= LONGEST_TIMEOUT_S)) registration.refuse(subject, name, 'invalid timeout');
    else {
      // The mapping of a user is always persistent.
      const persistent = list === 'register-user' || order.persistent;
      registration.register(subject, name, { since, timeoutMs: seconds * 1_000, persistent, fromAgent: false });
    }
  }
}

function subjectOf({ subject }: TagOrder, list: ListName): string | undefined {
  if (list.endsWith('-user')) return subject === '' ? undefined : subject;
  return canonicalAddress(subject);
}

// Any failure, even a harmless one, makes the whole answer an error, although the other entries were carried out.
function replyOf(failures: Work['failures']) {
  const lists = [...failures].map(([name, list]) => element(name, ...list.map(failed => entryOf(name, failed))));
  const response = element('uid-response', element('version', '2.0'), element('payload', ...lists));
  const failed = [...failures.values()].some(list => list.length > 0);
  return failed ? failureWithoutCode(response) : success(response);
}

function entryOf(list: ListName, { subject, message }: RegistrationFailure): Xml {
  return elementWith('entry', { [list.endsWith('-user') ? 'user' : 'ip']: subject, message });
}
