import type { Action, Receipt } from '../../../../core/action.ts';
import type { Recollection } from '../../../../core/case.ts';
import { Refusal } from '../../../../core/errors.ts';
import { membersForSessions } from '../../acting-member.ts';
import { readHa } from '../../ha-reading.ts';
import { refuseWhileCommitting } from '../../running-jobs.ts';
import { callInWords, type PanosSession } from '../../session.ts';
import { type DiscardData, discardCommand, memberOf, readDiscardData } from './action.ts';
import { type Fate, readFate } from './fate.ts';

/**
 * Discards one session, if it still is the one that was planned and its member still is in charge. Throws Refusal
 * `ha-changed`, `commit-running`, `session-gone`, `session-discarded`, `session-changed` or `session-unclear` when not.
 */
export async function applyDiscard(session: PanosSession, action: Action, signal: AbortSignal): Promise<Receipt> {
  const data = readDiscardData(action.data);
  const member = memberOf(session, data);
  const [ha, fate] = await Promise.all([
    readHa(session, signal),
    readFate(member, data, signal),
    refuseWhileCommitting(member, signal),
  ]);
  if (!membersForSessions(ha).includes(member)) {
    throw new Refusal('ha-changed', `${member.name} is not in charge of its sessions any more`);
  }
  refuseUnlessActive(action, fate);
  const command = discardCommand(data);
  const reply = await member.change(command, signal);
  return { calls: [callInWords(member.name, command)], reply, data };
}

/** What became of the discard, as the device shows it. A session that ended by itself meanwhile counts as discarded. */
export async function recallDiscard(session: PanosSession, action: Action, signal: AbortSignal): Promise<Recollection> {
  const data = readDiscardData(action.data);
  const member = memberOf(session, data);
  const fate = await readFate(member, data, signal);
  switch (fate.kind) {
    case 'active':
      return { found: 'not-done', detail: `session ${data.id} is active as before` };
    case 'discarded':
      return { found: 'done', receipt: recalled(data, action, 'the session is being discarded') };
    case 'gone':
      return { found: 'done', receipt: recalled(data, action, 'the session is gone') };
    case 'replaced':
      return { found: 'done', receipt: recalled(data, action, 'the session is gone, its id belongs to another') };
    case 'unclear':
      return { found: 'unclear', detail: `session ${data.id}: ${fate.detail}` };
  }
}

function recalled(data: DiscardData, action: Action, found: string): Receipt {
  return { calls: action.calls, reply: `read back: ${found}`, data };
}

function refuseUnlessActive({ subject }: Action, fate: Fate): void {
  switch (fate.kind) {
    case 'active':
      return;
    case 'discarded':
      throw new Refusal('session-discarded', `${subject} is being discarded already`);
    case 'gone':
      throw new Refusal('session-gone', `${subject} has ended by itself`);
    case 'replaced':
      throw new Refusal('session-changed', `${subject}: the id belongs to another session now`);
    case 'unclear':
      throw new Refusal('session-unclear', `${subject}: ${fate.detail}`);
  }
}
