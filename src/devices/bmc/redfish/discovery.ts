import type { z } from 'zod';
import { DeviceRefused, DeviceSurprise } from '../../../core/errors.ts';
import { makerByName, type BoardMaker } from '../sel/board-maker.ts';
import type { RedfishEntry } from './config.ts';
import { collection, computerSystem, logService, serviceRoot, withLogServices, type LogService } from './replies.ts';
import type { RedfishWeb } from './web.ts';

/** A log of the BMC. */
export interface FoundLog {
  readonly service: LogService;
  readonly entries: string;
}

/** Where things are on this BMC: found by following links, since every maker has them elsewhere. */
export interface Layout {
  readonly system: string;
  readonly managers: readonly string[];
  readonly chassis: readonly string[];
  readonly maker: BoardMaker;
  readonly logs: readonly FoundLog[];
  /** The log that holds hardware events. */
  readonly eventLog: FoundLog;
}

/** Reads a resource and checks its shape; throws DeviceSurprise. */
export type Read = <T>(path: string, schema: z.ZodType<T>) => Promise<T>;

export function reader(device: string, web: RedfishWeb, signal: AbortSignal): Read {
  return async (path, schema) => {
    const value = await web.get(path, signal);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const found = `the reply has another shape (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`;
    throw new DeviceSurprise({ device, tried: `GET ${path}`, found, excerpt: JSON.stringify(value) });
  };
}

export async function discover(entry: RedfishEntry, read: Read): Promise<Layout> {
  const root = await read('/redfish/v1/', serviceRoot);
  const system = chooseSystem(entry, await members(read, root.Systems['@odata.id']));
  const facts = await read(system, computerSystem);
  const managers = facts.Links?.ManagedBy?.map(link => link['@odata.id']) ?? (await all(read, root.Managers));
  const chassis = facts.Links?.Chassis?.map(link => link['@odata.id']) ?? (await all(read, root.Chassis));
  const logs = await findLogs(read, [system, ...managers]);
  const eventLog = chooseEventLog(logs);
  if (!eventLog) {
    const names = logs.map(log => log.service.Id).join(', ');
    const found = `no log of hardware events among ${names === '' ? 'no logs at all' : names}`;
    throw new DeviceSurprise({ device: entry.name, tried: 'find the event log', found });
  }
  return { system, managers, chassis, maker: makerByName(facts.Manufacturer ?? ''), logs, eventLog };
}

function chooseSystem(entry: RedfishEntry, systems: readonly string[]): string {
  const named = systems.filter(path => entry.system === undefined || path.split('/').at(-1) === entry.system);
  const [only] = named;
  if (only !== undefined && named.length === 1) return only;
  const found = `the BMC serves ${systems.join(', ') || 'no system'}; ${entry.system === undefined ? 'name one with system:' : 'none of them is the one under system:'}`;
  throw new DeviceSurprise({ device: entry.name, tried: 'find the system', found });
}

/** By type where the BMC says one; by the names that HPE, and DMTF's examples, give to the same thing. */
function chooseEventLog(logs: readonly FoundLog[]): FoundLog | undefined {
  const typed = logs.find(log => log.service.LogEntryType?.toUpperCase() === 'SEL');
  const named = (names: readonly string[]) => logs.find(log => names.includes(log.service.Id.toUpperCase()));
  const untyped = logs.filter(log => log.service.LogEntryType === null || log.service.LogEntryType === undefined);
  return typed ?? named(['SEL', 'IML']) ?? named(['EVENTLOG']) ?? (untyped.length === 1 ? untyped[0] : undefined);
}

async function findLogs(read: Read, owners: readonly string[]): Promise<readonly FoundLog[]> {
  const logs: FoundLog[] = [];
  for (const owner of owners) {
    const found = await ifThere(() => read(owner, withLogServices));
    for (const path of (await ifThere(() => all(read, found?.LogServices))) ?? []) {
      const service = await ifThere(() => read(path, logService));
      const entries = service?.Entries?.['@odata.id'];
      if (service && entries !== undefined) logs.push({ service, entries });
    }
  }
  return logs;
}

/** BMCs name resources that they do not have, or not for this account. One such must not hide the other logs. */
async function ifThere<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DeviceRefused && (error.why === 'denied' || error.why === 'role')) return undefined;
    throw error;
  }
}

async function all(read: Read, link: { readonly '@odata.id': string } | undefined): Promise<readonly string[]> {
  return link === undefined ? [] : members(read, link['@odata.id']);
}

async function members(read: Read, path: string): Promise<readonly string[]> {
  return (await read(path, collection)).Members.map(member => member['@odata.id']);
}
