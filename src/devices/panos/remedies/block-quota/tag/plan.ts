import type { Action, BlockPlan, NotNeeded, PassedOver } from '../../../../../core/action.ts';
import { formatDuration } from '../../../../../core/duration.ts';
import { Refusal } from '../../../../../core/errors.ts';
import { callInWords, type PanosMember, type PanosSession } from '../../../session.ts';
import { readTagged } from '../../../tags/read-tagged.ts';
import { type TagData, tagDataOf } from '../action.ts';
import type { Proposal } from '../plan.ts';
import { ownAddresses, sparedBecause } from '../spared.ts';
import { type Subject, type Subjects, subjectsOf } from '../subjects.ts';
import { tagChange } from './change.ts';
import type { TagMembers } from './members.ts';

/** Entries of one uid-message. In public use are 512 and more; a small box takes two seconds for so many. */
export const CHUNK = 500;

/** Plans the tags of one offender: one action for each 500 of them. */
export async function planTags(
  session: PanosSession,
  members: TagMembers,
  { offence, holdMs, request }: Proposal,
  signal: AbortSignal,
): Promise<BlockPlan | NotNeeded> {
  const { options, never, done } = request;
  const { target, before, evidence, usage } = offence;
  const found = await subjectsOf(members.acting, offence, options, signal);
  if (found.subjects.length === 0) {
    throw new Refusal('no-address', `the device knows no address of ${target.kind} ${target.value} now`);
  }
  const own = await ownAddresses(session, [members.acting, ...members.others], signal);
  const carrying = await readTagged(members.acting, found.kind, found.tag, signal);
  const sorted = sortOut(found, subject => {
    const spared = sparedBecause(subject, own, never);
    return spared === undefined ? stands(subject, found, carrying, session.clock.now() + holdMs, request) : { spared };
  });
  const left = sorted.passedOver;
  if (sorted.chosen.length === 0) return nothingToDo(sorted, offence, done.length > 0);
  if (sorted.chosen.length > options.max_entries) {
    const detail = `${target.kind} ${target.value} would take ${sorted.chosen.length} tags; max_entries is ${options.max_entries}`;
    throw new Refusal('too-many', detail);
  }
  const common = {
    method: 'tag' as const,
    kind: found.kind,
    tag: found.tag,
    timeoutSeconds: Math.ceil(holdMs / 1_000),
    bucketEndsAt: usage.bucket.endsAt,
    userGroup: options.user_group,
    verifyWithinMs: options.verify_within,
    refusedBy: [],
  };
  const onOthers = await Promise.all(members.others.map(member => readTagged(member, found.kind, found.tag, signal)));
  const actions: Action[] = [];
  for (let start = 0; start < sorted.chosen.length; start += CHUNK) {
    const chunk = sorted.chosen.slice(start, start + CHUNK);
    const data = { ...common, ...split(chunk) } satisfies TagData;
    const calls = callsFor(session, members, data, onOthers);
    actions.push(actionFor(members.acting, chunk, data, calls, evidence));
  }
  const what = countOf(sorted.chosen.length, found.kind);
  const summary = `block ${target.kind} ${target.value} for ${formatDuration(holdMs)}: tag ${found.tag} on ${what}`;
  return { kind: 'block', holdMs, summary, actions, before: [before], passedOver: left };
}

/** What is to be done about one subject: blocked, blocked anew, or left alone. */
type Fate = 'new' | 'renewed' | { readonly spared: string } | { readonly held: string };

interface Sorted {
  readonly chosen: readonly (Subject & { readonly renewed: boolean })[];
  readonly passedOver: readonly PassedOver[];
  /** All that were left alone are blocked already. */
  readonly allHeld: boolean;
}

function sortOut({ kind, subjects }: Subjects, fateOf: (subject: Subject) => Fate): Sorted {
  const fates = subjects.map(subject => ({ subject, fate: fateOf(subject) }));
  const chosen = fates.flatMap(({ subject, fate }) =>
    typeof fate === 'string' ? [{ ...subject, renewed: fate === 'renewed' }] : [],
  );
  const passedOver = fates.flatMap(({ subject, fate }) =>
    typeof fate === 'string'
      ? []
      : [{ subject: `${kind} ${subject.value}`, reason: 'held' in fate ? fate.held : fate.spared }],
  );
  return { chosen, passedOver, allHeld: fates.every(({ fate }) => typeof fate !== 'string' && 'held' in fate) };
}

/** How a subject stands that may be blocked: by this case, by another block, or by somebody else. */
function stands(
  { value }: Subject,
  { kind, tag }: Subjects,
  carrying: ReadonlySet<string>,
  endsAt: number,
  { done, held }: Proposal['request'],
): Fate {
  const covers = (data: TagData) => data.kind === kind && data.tag === tag && data.subjects.includes(value);
  if (tagDataOf(done).some(covers)) return { held: 'this case has blocked it already' };
  const others = held.filter(({ receipt }) => tagDataOf([receipt]).some(covers));
  const longest = Math.max(0, ...others.map(({ dueAt }) => dueAt));
  if (longest >= endsAt) return { held: `another block holds it until ${new Date(longest).toISOString()}` };
  if (others.length > 0) return 'renewed';
  return carrying.has(value) ? { spared: `it carries tag ${tag} already, and not from unclog: left alone` } : 'new';
}

function nothingToDo(
  { allHeld, passedOver }: Sorted,
  { before, target }: Proposal['offence'],
  begun: boolean,
): NotNeeded {
  const why = passedOver.slice(0, 5).map(({ subject, reason }) => `${subject}: ${reason}`);
  const detail = `${target.kind} ${target.value}: ${why.join('; ')}`;
  if (allHeld || begun) return { kind: 'not-needed', detail, before: [before] };
  const foreign = passedOver.some(({ reason }) => reason.includes('not from unclog'));
  throw new Refusal(foreign ? 'tagged-by-others' : 'never', detail);
}

function split(chunk: Sorted['chosen']): Pick<TagData, 'subjects' | 'renewed'> {
  return {
    subjects: chunk.map(({ value }) => value),
    renewed: chunk.filter(({ renewed }) => renewed).map(({ value }) => value),
  };
}

/** The call to each member. The other one starts the time of those anew that carry the tag there, for whatever reason. */
function callsFor(
  session: PanosSession,
  { acting, others }: TagMembers,
  data: TagData,
  onOthers: readonly ReadonlySet<string>[],
): string[] {
  const first = callInWords(acting.name, tagChange(data, session.vsys));
  const rest = others.map(({ name }, index) => {
    const renewed = data.subjects.filter(subject => onOthers[index]?.has(subject));
    return callInWords(name, tagChange({ ...data, renewed }, session.vsys));
  });
  return [first, ...rest];
}

function actionFor(
  acting: PanosMember,
  chunk: Sorted['chosen'],
  data: TagData,
  calls: readonly string[],
  evidence: readonly string[],
): Action {
  const [first] = chunk;
  const subject = chunk.length === 1 ? `${data.kind} ${first?.value ?? ''}` : countOf(chunk.length, data.kind);
  return {
    subject: `${subject} on ${acting.name}`,
    touches: chunk.flatMap(({ touches }) => touches),
    calls,
    evidence,
    data,
  };
}

function countOf(count: number, kind: TagData['kind']): string {
  return count === 1 ? `1 ${kind}` : `${count} ${kind === 'address' ? 'addresses' : 'users'}`;
}
