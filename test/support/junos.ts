import { systemClock, type Clock } from '../../src/core/clock.ts';
import type { Json } from '../../src/core/json.ts';
import { silentLog } from '../../src/core/log.ts';
import { Secret } from '../../src/core/secret.ts';
import { junosEntry, type JunosEntry } from '../../src/devices/junos/config.ts';
import { JunosSession } from '../../src/devices/junos/session.ts';
import {
  type JunosSimulator,
  type JunosSimulatorOptions,
  startJunosSimulator,
} from '../../src/simulators/junos/simulator.ts';

export interface JunosBench {
  readonly sim: JunosSimulator;
  readonly session: JunosSession;
  readonly entry: JunosEntry;
  /** What the driver remembers of the device; survives `reopen`. */
  readonly memory: Map<string, Json>;
  /** The same device as a new process would open it. */
  reopen(): JunosSession;
  close(): Promise<void>;
}

export interface BenchOptions extends JunosSimulatorOptions {
  readonly scheme?: 'ssh' | 'netconf';
  /** Laid over the entry before it is checked. */
  readonly entry?: Readonly<Record<string, unknown>>;
  readonly deviceClock?: Clock;
  readonly sessionClock?: Clock;
}

/** A simulated SRX and a session with it. */
export async function junosBench(options: BenchOptions = {}): Promise<JunosBench> {
  const sim = await startJunosSimulator(options);
  const entry = entryFor(sim, options);
  const memory = new Map<string, Json>();
  const sessions: JunosSession[] = [];
  const reopen = () => {
    const session = JunosSession.open(entry, {
      clock: options.sessionClock ?? systemClock,
      log: silentLog,
      memory: { get: async key => memory.get(key), put: async (key, value) => void memory.set(key, value) },
    });
    sessions.push(session);
    return session;
  };
  return {
    ...{ sim, entry, memory, reopen },
    session: reopen(),
    close: async () => {
      await Promise.all(sessions.map(session => session.close()));
      await sim.close();
    },
  };
}

/** A checked entry for a simulated device, with its secrets read. */
export function entryFor(
  sim: Pick<JunosSimulator, 'name' | 'port' | 'username' | 'password' | 'privateKey' | 'hostKeySha256'>,
  options: Pick<BenchOptions, 'scheme' | 'entry'> = {},
): JunosEntry {
  const entry = junosEntry.parse({
    name: sim.name,
    driver: 'junos',
    addresses: [`${options.scheme ?? 'ssh'}://127.0.0.1:${sim.port}`],
    credentials: { username: sim.username, private_key_file: 'key' },
    host_key_sha256: sim.hostKeySha256,
    ...options.entry,
  });
  entry.credentials.private_key_file?.fill(new Secret(sim.privateKey));
  entry.credentials.password_file?.fill(new Secret(sim.password));
  return entry;
}

/** A clock on which time passes `speed` times as fast. */
export function fastClock(speed: number): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => systemClock.monotonic() * speed,
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  };
}

export const never = new AbortController().signal;
