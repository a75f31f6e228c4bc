import type { ResetAction } from '../access.ts';
import { actionInfo, type ComputerSystem } from './replies.ts';
import type { Read } from './discovery.ts';

/** Redfish's reset types behind our actions. `PushPowerButton` is a toggle and is never used; nor is plain off. */
const TYPES = new Map<ResetAction, string>([
  ['nmi', 'Nmi'],
  ['graceful-restart', 'GracefulRestart'],
  ['force-restart', 'ForceRestart'],
  ['power-cycle', 'PowerCycle'],
]);

/** A reset that a system offers: where to send it and as what. */
export interface OfferedReset {
  readonly target: string;
  readonly resetType: string;
}

/** Only what the system itself allows, inline (Dell, HPE) or by its ActionInfo (Supermicro). */
export async function offeredResets(
  system: ComputerSystem,
  read: Read,
): Promise<ReadonlyMap<ResetAction, OfferedReset>> {
  const action = system.Actions?.['#ComputerSystem.Reset'];
  if (!action) return new Map();
  const allowed = action['ResetType@Redfish.AllowableValues'] ?? (await valuesOf(action['@Redfish.ActionInfo'], read));
  const offered = [...TYPES].filter(([, resetType]) => allowed.includes(resetType));
  return new Map(offered.map(([name, resetType]) => [name, { target: action.target, resetType }]));
}

async function valuesOf(path: string | undefined, read: Read): Promise<readonly string[]> {
  if (path === undefined) return [];
  const info = await read(path, actionInfo);
  return info.Parameters.find(parameter => parameter.Name === 'ResetType')?.AllowableValues ?? [];
}
