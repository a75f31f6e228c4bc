import { z } from 'zod';
import type { Action, Receipt } from '../../../../core/action.ts';
import type { Recollection } from '../../../../core/case.ts';
import { Refusal } from '../../../../core/errors.ts';
import { checkFolder, writeFolder, type SealedFolder } from '../../evidence/folder.ts';
import { keptEvidence, rememberEvidence, withoutEvidence } from '../../evidence/keeping.ts';
import { errorLine } from '../../evidence/manifest.ts';
import { errorKey } from '../../sel/tally.ts';
import type { BmcSession } from '../../session.ts';

const planned = z.object({ path: z.string(), maxBytes: z.number(), newest: z.string() });

export async function applyCollection(session: BmcSession, action: Action, signal: AbortSignal): Promise<Receipt> {
  const { path, maxBytes, newest } = planned.parse(action.data);
  const { device, memory, clock } = session;
  const { tally } = await session.readLog(signal);
  const open = withoutEvidence(tally.fresh, await keptEvidence(device, memory));
  const last = open.at(-1);
  if (last === undefined || errorKey(last) !== newest) {
    throw new Refusal('plan-changed', 'other PCI errors wait for evidence now than when this was planned');
  }
  if (session.rehearsal) {
    session.rehearsal.push(...action.calls);
    return { calls: action.calls, reply: 'rehearsed', data: {} };
  }
  const collectedAt = new Date(clock.now()).toISOString();
  const facts = { device, collectedAt, errors: open.map(errorLine) };
  const sealed = await writeFolder(path, session.collectEvidence(signal), maxBytes, facts);
  await rememberEvidence(memory, { path, sha256: sealed.sha256, errors: tally.fresh.map(errorKey) });
  return receipt(action, sealed);
}

/** The folder tells by itself: it has its name only when it is whole. */
export async function recallCollection(
  session: BmcSession,
  action: Action,
  signal: AbortSignal,
): Promise<Recollection> {
  const { path, newest } = planned.parse(action.data);
  const found = await checkFolder(path);
  if ('damage' in found) return { found: 'not-done', detail: found.damage };
  const { tally } = await session.readLog(signal);
  // The folder was made for the errors up to the planned one; later ones still wait for theirs.
  const errors = tally.fresh.map(errorKey);
  const covered = errors.slice(0, errors.indexOf(newest) + 1);
  await rememberEvidence(session.memory, { path, sha256: found.sha256, errors: covered });
  return { found: 'done', receipt: receipt(action, found) };
}

function receipt(action: Action, { path, sha256, files, bytes }: SealedFolder): Receipt {
  return { calls: action.calls, reply: `${files} files, ${bytes} bytes`, data: { path, sha256 } };
}
