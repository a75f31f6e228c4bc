import type { Action, Receipt } from '../../../../../core/action.ts';
import type { Recollection } from '../../../../../core/case.ts';
import { DeviceRefused, Refusal } from '../../../../../core/errors.ts';
import { readUidResponse } from '../../../replies/uid-response.ts';
import { callInWords, type PanosMember, type PanosSession } from '../../../session.ts';
import { readTagged } from '../../../tags/read-tagged.ts';
import type { TagData } from '../action.ts';
import { tagChange } from './change.ts';
import { tagMembers } from './members.ts';

/**
 * Registers on the member in charge, reads back on the other one, and registers there what the pair has not synchronised
 * by itself. Throws Refusal `tagged-by-others` when somebody else has set the tag meanwhile, and `register-failed` when
 * the device took none of the entries.
 */
export async function applyTags(session: PanosSession, data: TagData, signal: AbortSignal): Promise<Receipt> {
  const { acting, others } = await tagMembers(session, signal);
  const { kind, tag, renewed } = data;
  const carrying = await readTagged(acting, kind, tag, signal);
  const stillOurs = data.subjects.filter(subject => renewed.includes(subject) || !carrying.has(subject));
  if (stillOurs.length === 0) throw new Refusal('tagged-by-others', `${tag} was set by somebody else meanwhile`);
  const before = await Promise.all(others.map(member => readTagged(member, kind, tag, signal)));
  const wanted = { ...data, subjects: stillOurs, renewed: renewed.filter(subject => carrying.has(subject)) };
  const first = await register(session, acting, wanted, signal);
  const calls = [first.call];
  const refusedBy: string[] = [];
  const replies = [first.reply];
  for (const [index, member] of others.entries()) {
    const second = await registerOnOther(session, member, first.taken, before[index] ?? new Set(), signal);
    if (second === undefined) continue;
    if (second === 'refused') refusedBy.push(member.name);
    else calls.push(second.call);
    replies.push(second === 'refused' ? `${member.name} takes no tags while it is passive` : second.reply);
  }
  return { calls, reply: replies.join('; ').slice(0, 500), data: { ...first.taken, refusedBy } };
}

/** Which of the subjects carry the tag on any member: there is no other way that they could have got it. */
export async function recallTags(
  session: PanosSession,
  action: Action,
  data: TagData,
  signal: AbortSignal,
): Promise<Recollection> {
  const { acting, others } = await tagMembers(session, signal);
  const shown = await Promise.all([acting, ...others].map(member => readTagged(member, data.kind, data.tag, signal)));
  const subjects = data.subjects.filter(subject => shown.some(carrying => carrying.has(subject)));
  if (subjects.length === 0) return { found: 'not-done', detail: `none of them carries tag ${data.tag}` };
  const reply = `read back: ${subjects.length} of ${data.subjects.length} carry tag ${data.tag}`;
  return { found: 'done', receipt: { calls: action.calls, reply, data: { ...data, subjects } } };
}

interface Registered {
  readonly call: string;
  readonly reply: string;
  /** The data with those subjects only that the device took. */
  readonly taken: TagData;
}

/** Sends one uid-message and judges every entry by itself. */
export async function register(
  session: PanosSession,
  member: PanosMember,
  data: TagData,
  signal: AbortSignal,
): Promise<Registered> {
  const command = tagChange(data, session.vsys);
  const call = callInWords(member.name, command);
  const reply = await member.changeForReply(command, signal);
  if (!reply) return { call, reply: 'rehearsed, not sent', taken: data };
  const bad = readUidResponse(reply).filter(({ harmless }) => !harmless);
  const failed = new Set(bad.map(({ subject }) => subject.toLowerCase()));
  const subjects = data.subjects.filter(subject => !failed.has(subject.toLowerCase()));
  const texts = bad.slice(0, 3).map(({ subject, message }) => `${subject}: ${message}`);
  if (subjects.length === 0) throw new Refusal('register-failed', `${member.name} took none: ${texts.join('; ')}`);
  const all = subjects.length === data.subjects.length;
  const said = all ? `${member.name} took ${subjects.length}` : `${member.name} did not take ${texts.join('; ')}`;
  return { call, reply: said.slice(0, 300), taken: { ...data, subjects } };
}

/** On the other member: what it had before this block may run out too soon, and what it still lacks is missing. */
async function registerOnOther(
  session: PanosSession,
  member: PanosMember,
  data: TagData,
  before: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Registered | 'refused' | undefined> {
  const now = await readTagged(member, data.kind, data.tag, signal);
  const subjects = data.subjects.filter(subject => !now.has(subject) || before.has(subject));
  if (subjects.length === 0) return undefined;
  try {
    return await register(
      session,
      member,
      { ...data, subjects, renewed: subjects.filter(subject => now.has(subject)) },
      signal,
    );
  } catch (error) {
    if (error instanceof DeviceRefused && error.why === 'denied') return 'refused';
    throw error;
  }
}
