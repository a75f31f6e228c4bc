import type { Priority } from '../../core/call-gate.ts';
import type { Clock } from '../../core/clock.ts';
import type { DeviceMemory, Session, Tools } from '../contract.ts';
import type { BmcAccess, Exhibit, MissingExhibit, PowerState, ResetAction } from './access.ts';
import { EventLog, type LogView } from './sel/event-log.ts';

/** What the three drivers have in common: all that collectors and remedies use. */
export interface BmcSession extends Session {
  readonly device: string;
  readonly clock: Clock;
  readonly memory: DeviceMemory;
  /** Set in a rehearsal: changes are written down here, in words, and not made. */
  readonly rehearsal: string[] | undefined;
  readonly logins: BmcAccess['logins'];
  /** Reads the event log and brings the tally up to date. */
  readLog(signal: AbortSignal): Promise<LogView>;
  readPower(signal: AbortSignal): Promise<PowerState>;
  evidenceChanges(signal: AbortSignal): Promise<readonly string[]>;
  collectEvidence(signal: AbortSignal): AsyncIterable<Exhibit | MissingExhibit>;
  offeredResets(signal: AbortSignal): Promise<ReadonlyMap<ResetAction, string>>;
  reset(action: ResetAction, signal: AbortSignal, aboutToSend: () => Promise<void>): Promise<string>;
}

/** A session over one way to a BMC. */
export function openSession(device: string, access: BmcAccess, tools: Tools): BmcSession {
  const log = new EventLog(device, tools.memory, tools.clock);
  return view({ device, access, log, tools, closing: new AbortController() }, 'collector', undefined);
}

interface Parts {
  readonly device: string;
  readonly access: BmcAccess;
  readonly log: EventLog;
  readonly tools: Tools;
  /** Ends a look into the log that nobody waits for any more. */
  readonly closing: AbortController;
}

function view(parts: Parts, priority: Priority, rehearsal: string[] | undefined): BmcSession {
  const { device, access, log, tools, closing } = parts;
  return {
    device,
    clock: tools.clock,
    memory: tools.memory,
    rehearsal,
    logins: access.logins,
    at: next => view(parts, next, rehearsal),
    rehearse: () => {
      const calls: string[] = [];
      return { session: view(parts, priority, calls), calls };
    },
    readLog: signal => log.look(() => access.readLog({ priority, signal: closing.signal }), signal),
    readPower: signal => access.readPower({ priority, signal }),
    evidenceChanges: signal => access.evidenceChanges({ priority, signal }),
    collectEvidence: signal => access.collectEvidence({ priority, signal }),
    offeredResets: signal => access.offeredResets({ priority, signal }),
    reset: (action, signal, aboutToSend) => access.reset(action, { priority, signal }, aboutToSend),
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort(new Error('the session closes'));
      await access.close();
    },
  };
}
