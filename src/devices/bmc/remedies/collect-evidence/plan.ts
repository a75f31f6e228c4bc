import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { NotNeeded, OncePlan } from '../../../../core/action.ts';
import type { Refusal } from '../../../../core/errors.ts';
import type { RemedyRequest } from '../../../contract.ts';
import { keptEvidence, withoutEvidence } from '../../evidence/keeping.ts';
import { describeError, errorKey, type FreshError } from '../../sel/tally.ts';
import type { BmcSession } from '../../session.ts';
import { freshErrors } from '../fresh-errors.ts';
import type { EvidenceOptions } from './options.ts';

/** One folder for all errors that none was made for. Its name comes from the newest of them, so a plan stays the same. */
export async function planCollection(
  session: BmcSession,
  { options }: RemedyRequest<EvidenceOptions>,
  signal: AbortSignal,
): Promise<OncePlan | NotNeeded | Refusal> {
  const { device, memory } = session;
  const view = await session.readLog(signal);
  const fresh = freshErrors(device, view);
  if (!('length' in fresh)) return fresh;
  const kept = await keptEvidence(device, memory);
  const open = withoutEvidence(fresh, kept);
  const newest = open.at(-1);
  if (newest === undefined) {
    const detail = `evidence of every PCI error since first sight is kept, the newest in ${kept?.path}`;
    return { kind: 'not-needed', detail, before: [] };
  }
  const path = resolve(options.directory, device, folderName(newest));
  const calls = [...(await session.evidenceChanges(signal)), `write ${path}`];
  return {
    kind: 'once',
    summary: `collect evidence of ${open.length} PCI ${open.length === 1 ? 'error' : 'errors'} of ${device}`,
    actions: [
      {
        subject: `evidence folder ${path}`,
        touches: [],
        calls,
        evidence: open.map(describeSighting),
        data: { path, maxBytes: options.max_size, newest: errorKey(newest) },
      },
    ],
    before: [{ name: 'PCI errors without evidence', value: open.length, unit: 'errors' }],
    passedOver: [],
  };
}

function folderName(newest: FreshError): string {
  const time = new Date(newest.seenAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${time}Z-${createHash('sha256').update(errorKey(newest)).digest('hex').slice(0, 8)}`;
}

function describeSighting(error: FreshError): string {
  const bmcTime = error.time === undefined ? 'before its clock was set' : new Date(error.time * 1_000).toISOString();
  return `${describeError(error)}, ${bmcTime} by the BMC's clock, first read ${new Date(error.seenAt).toISOString()}`;
}
