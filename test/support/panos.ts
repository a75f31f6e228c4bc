import { systemClock, type Clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { SecretSource } from '../../src/core/secret-source.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Credentials, PanosEntry } from '../../src/devices/panos/config.ts';
import { openSession, type PanosSession } from '../../src/devices/panos/session.ts';
import {
  type PanosSimulator,
  type PanosSimulatorOptions,
  startPanosSimulator,
} from '../../src/simulators/panos/simulator.ts';

export interface Bench extends AsyncDisposable {
  readonly simulator: PanosSimulator;
  readonly session: PanosSession;
  readonly signal: AbortSignal;
}

export interface BenchOptions extends PanosSimulatorOptions {
  readonly credentials?: 'password' | 'key';
  /** The driver's clock; the simulator keeps its own. */
  readonly driverClock?: Clock;
  /** Only the first so many addresses are configured. */
  readonly configured?: number;
}

/** A simulated firewall or pair, and the driver's session with it over TLS. */
export async function panosBench(options: BenchOptions = {}): Promise<Bench> {
  const simulator = await startPanosSimulator(options);
  const entry: PanosEntry = {
    name: 'fw-edge',
    driver: 'panos',
    addresses: simulator.addresses.slice(0, options.configured ?? 2),
    credentials: credentialsFor(simulator, options.credentials ?? 'password'),
    tls: { kind: 'ca', file: secretSource('ca.pem', simulator.caPem) },
  };
  const session = openWith(entry, options.driverClock);
  return {
    simulator,
    session,
    signal: new AbortController().signal,
    [Symbol.asyncDispose]: async () => {
      await session.close();
      await simulator.close();
    },
  };
}

export function openWith(entry: PanosEntry, clock: Clock = systemClock): PanosSession {
  const memory = { get: async () => undefined, put: async () => {} };
  return openSession(entry, { clock, log: silentLog, memory });
}

export function secretSource(name: string, text: string): SecretSource {
  const source = new SecretSource('file', name);
  source.fill(new Secret(text));
  return source;
}

function credentialsFor(simulator: PanosSimulator, kind: 'password' | 'key'): Credentials {
  if (kind === 'key') return { kind: 'key', key: secretSource('fw.key', simulator.apiKey) };
  const { username, password } = simulator;
  return { kind: 'password', username, password: secretSource('fw.pw', password) };
}
