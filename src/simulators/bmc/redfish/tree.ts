import type { JsonObject } from '../../../core/json.ts';
import type { Board } from '../board.ts';
import { entryOf, type Vendor } from './entries.ts';

const ROOT = '/redfish/v1';

/** Where a vendor keeps its things. */
export interface Places {
  readonly manufacturer: string;
  readonly system: string;
  readonly manager: string;
  readonly log: string;
  readonly logType: string | undefined;
  /** Entries on a page; all when absent. */
  readonly pageSize?: number;
  readonly newestFirst: boolean;
  readonly resets: readonly string[];
  /** The values are told by a resource of their own and not beside the action. */
  readonly actionInfo: boolean;
  readonly diagnostics: boolean;
}

const RESETS = ['On', 'ForceOff', 'GracefulShutdown', 'GracefulRestart', 'ForceRestart', 'Nmi'];

export const PLACES: Readonly<Record<Vendor, Places>> = {
  supermicro: {
    manufacturer: 'Supermicro',
    system: `${ROOT}/Systems/1`,
    manager: `${ROOT}/Managers/1`,
    log: `${ROOT}/Systems/1/LogServices/Log1`,
    logType: 'SEL',
    newestFirst: false,
    resets: [...RESETS, 'ForceOn', 'PowerCycle'],
    actionInfo: true,
    diagnostics: false,
  },
  dell: {
    manufacturer: 'Dell Inc.',
    system: `${ROOT}/Systems/System.Embedded.1`,
    manager: `${ROOT}/Managers/iDRAC.Embedded.1`,
    log: `${ROOT}/Managers/iDRAC.Embedded.1/LogServices/Sel`,
    logType: 'SEL',
    pageSize: 50,
    newestFirst: true,
    resets: [...RESETS, 'PushPowerButton', 'PowerCycle'],
    actionInfo: false,
    diagnostics: false,
  },
  hpe: {
    manufacturer: 'HPE',
    system: `${ROOT}/Systems/1`,
    manager: `${ROOT}/Managers/1`,
    log: `${ROOT}/Systems/1/LogServices/IML`,
    logType: undefined,
    newestFirst: false,
    resets: [...RESETS, 'PushPowerButton'],
    actionInfo: false,
    diagnostics: false,
  },
  openbmc: {
    manufacturer: 'Lab',
    system: `${ROOT}/Systems/system`,
    manager: `${ROOT}/Managers/bmc`,
    log: `${ROOT}/Systems/system/LogServices/SEL`,
    logType: 'SEL',
    newestFirst: false,
    resets: [...RESETS, 'PowerCycle'],
    actionInfo: true,
    diagnostics: true,
  },
};

/** The resource at a path, or undefined. `skip` and the vendor's page size cut a log into pages. */
export function resourceAt(
  path: string,
  skip: number,
  board: Board,
  vendor: Vendor,
  places: Places,
): JsonObject | undefined {
  const { system, manager, log } = places;
  const logOwner = log.startsWith(system) ? system : manager;
  const dump = `${manager}/LogServices/Dump`;
  const found: Readonly<Record<string, () => JsonObject>> = {
    [ROOT]: () => root(),
    [`${ROOT}/`]: () => root(),
    [`${ROOT}/Systems`]: () => collection([system]),
    [`${ROOT}/Managers`]: () => collection([manager]),
    [`${ROOT}/Chassis`]: () => collection([`${ROOT}/Chassis/1`]),
    [`${ROOT}/Chassis/1`]: () => ({ Id: '1', ChassisType: 'RackMount' }),
    [`${ROOT}/Chassis/1/Power`]: () => ({ Id: 'Power', PowerSupplies: [] }),
    [system]: () => systemOf(board, places, logOwner === system),
    [`${system}/ResetActionInfo`]: () => ({ Parameters: [{ Name: 'ResetType', AllowableValues: places.resets }] }),
    [manager]: () => ({
      Id: 'manager',
      ...(logOwner === manager || places.diagnostics ? { LogServices: link(`${manager}/LogServices`) } : {}),
    }),
    [`${logOwner}/LogServices`]: () => collection([log]),
    [log]: () => ({
      Id: log.split('/').at(-1) ?? '',
      ...(places.logType === undefined ? {} : { LogEntryType: places.logType }),
      MaxNumberOfRecords: board.sel.options.capacity,
      Entries: link(`${log}/Entries`),
      Actions: { '#LogService.ClearLog': { target: `${log}/Actions/LogService.ClearLog` } },
    }),
    [`${log}/Entries`]: () => entries(`${log}/Entries`, skip, board, vendor),
    ...(places.diagnostics ? dumpResources(manager, dump) : {}),
  };
  return Object.hasOwn(found, path) ? found[path]?.() : undefined;
}

function dumpResources(manager: string, dump: string): Readonly<Record<string, () => JsonObject>> {
  return {
    [`${manager}/LogServices`]: () => collection([dump]),
    [dump]: () => ({
      Id: 'Dump',
      LogEntryType: 'OEM',
      Entries: link(`${dump}/Entries`),
      Actions: { '#LogService.CollectDiagnosticData': { target: `${dump}/Actions/LogService.CollectDiagnosticData` } },
    }),
    [`${dump}/Entries`]: () => ({ ...collection([]), Members: [] }),
    [`${dump}/Entries/1`]: () => ({ Id: '1', AdditionalDataURI: `${dump}/Entries/1/attachment` }),
  };
}

function root(): JsonObject {
  return {
    RedfishVersion: '1.11.0',
    Systems: link(`${ROOT}/Systems`),
    Managers: link(`${ROOT}/Managers`),
    Chassis: link(`${ROOT}/Chassis`),
  };
}

function systemOf(board: Board, places: Places, ownsLog: boolean): JsonObject {
  const { system, manager, manufacturer, resets, actionInfo } = places;
  const values = actionInfo
    ? { '@Redfish.ActionInfo': `${system}/ResetActionInfo` }
    : { 'ResetType@Redfish.AllowableValues': resets };
  return {
    Id: system.split('/').at(-1) ?? '',
    Manufacturer: manufacturer,
    PowerState: board.powerOn ? 'On' : 'Off',
    ...(ownsLog ? { LogServices: link(`${system}/LogServices`) } : {}),
    Links: { ManagedBy: [link(manager)], Chassis: [link(`${ROOT}/Chassis/1`)] },
    Actions: { '#ComputerSystem.Reset': { target: `${system}/Actions/ComputerSystem.Reset`, ...values } },
  };
}

function entries(path: string, skip: number, board: Board, vendor: Vendor): JsonObject {
  const { pageSize = Infinity, newestFirst } = PLACES[vendor];
  const records = newestFirst ? board.sel.records.toReversed() : board.sel.records;
  const page = records.slice(skip, skip + pageSize);
  const next = skip + page.length;
  return {
    '@odata.id': path,
    'Members@odata.count': records.length,
    Members: page.map(record => entryOf(record, vendor, path)),
    ...(next < records.length ? { 'Members@odata.nextLink': `${path}?$skip=${next}` } : {}),
  };
}

function collection(paths: readonly string[]): JsonObject {
  return { Members: paths.map(link), 'Members@odata.count': paths.length };
}

function link(path: string): JsonObject {
  return { '@odata.id': path };
}
