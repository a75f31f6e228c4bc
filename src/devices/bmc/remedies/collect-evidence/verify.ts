import { z } from 'zod';
import type { OncePlan, Receipt, Verdict } from '../../../../core/action.ts';
import { checkFolder } from '../../evidence/folder.ts';
import type { BmcSession } from '../../session.ts';

const done = z.object({ path: z.string(), sha256: z.string() });

/** Reads every file back and compares its sum. */
export async function verifyCollection(
  _session: BmcSession,
  plan: OncePlan,
  receipts: readonly Receipt[],
): Promise<Verdict> {
  const { before } = plan;
  const [receipt] = receipts;
  if (!receipt) return { proven: false, effect: 'ineffective', before, after: [], detail: 'no folder was written' };
  const { path, sha256 } = done.parse(receipt.data);
  const found = await checkFolder(path);
  if ('damage' in found) return { proven: false, effect: 'ineffective', before, after: [], detail: found.damage };
  if (found.sha256 !== sha256) {
    const detail = `${path}: the manifest is not the one that was written`;
    return { proven: false, effect: 'ineffective', before, after: [], detail };
  }
  const after = [{ name: 'PCI errors without evidence', value: 0, unit: 'errors' }];
  const detail = `${path}: ${found.files} files, ${found.bytes} bytes, every SHA-256 sum right`;
  return { proven: true, effect: 'effective', before, after, detail };
}
