import { systemClock, type Clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { SecretSource } from '../../src/core/secret-source.ts';
import { Secret } from '../../src/core/secret.ts';
import type { DeviceMemory } from '../../src/devices/contract.ts';
import type { Credentials, PanosEntry } from '../../src/devices/panos/config.ts';
import { type Outcome, readAnswer, type Reply } from '../../src/devices/panos/reply.ts';
import { openSession, type PanosSession } from '../../src/devices/panos/session.ts';
import {
  type PanosSimulator,
  type PanosSimulatorOptions,
  startPanosSimulator,
} from '../../src/simulators/panos/simulator.ts';
import type { ManualClock } from './manual-clock.ts';

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
  /** Other keys of the device entry. */
  readonly entry?: Partial<PanosEntry>;
  readonly memory?: DeviceMemory;
}

/** A simulated firewall or pair, and the driver's session with it over TLS. */
export async function driverBench(options: BenchOptions = {}): Promise<Bench> {
  const simulator = await startPanosSimulator(options);
  const entry: BenchEntry = {
    name: 'fw-edge',
    driver: 'panos',
    addresses: simulator.addresses.slice(0, options.configured ?? 2),
    credentials: credentialsFor(simulator, options.credentials ?? 'password'),
    tls: { kind: 'ca', file: secretSource('ca.pem', simulator.caPem) },
    ...options.entry,
  };
  const session = openWith(entry, options.driverClock, options.memory);
  return {
    simulator,
    session,
    signal: new AbortController().signal,
    [Symbol.asyncDispose]: async () => {
      // Together: a call that hangs would otherwise be waited for until its deadline.
      await Promise.all([session.close(), simulator.close()]);
    },
  };
}

/** An entry as the configuration gives it; what a test does not say is the default. */
export type BenchEntry = Omit<PanosEntry, keyof typeof DEFAULTS> & Partial<PanosEntry>;

const DEFAULTS = {
  ha: { requireSync: true },
  traffic_log: { enabled: false, everyMs: 60_000 },
} as const satisfies Partial<PanosEntry>;

const FORGETFUL: DeviceMemory = { get: async () => undefined, put: async () => {} };

export function openWith(
  entry: BenchEntry,
  clock: Clock = systemClock,
  memory: DeviceMemory = FORGETFUL,
): PanosSession {
  return openSession({ ...DEFAULTS, ...entry }, { clock, log: silentLog, memory });
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

/** Lets the driver's time pass in small steps, with a turn of the real network between them, until `work` is settled. */
export async function whileTimePasses<T>(clock: ManualClock, stepMs: number, work: Promise<T>): Promise<T> {
  let settled = false;
  const done = () => (settled = true);
  work.then(done, done);
  while (!settled) {
    await new Promise(resolve => setTimeout(resolve, 2));
    await clock.advance(stepMs);
  }
  return work;
}

/** A reply as the readers get it. Recorded bodies often lack the outer `<response>`. */
export function replyOf(body: string): Reply {
  const bare = body.replace(/^\s*<\?xml[^>]*\?>/, '').replace(/^\s*<!--[\s\S]*?-->/, '');
  const whole = bare.includes('<response') ? bare : `<response status="success">${bare}</response>`;
  const outcome = answerOf(whole);
  if ('reply' in outcome) return outcome.reply;
  throw new Error(`a fault: ${outcome.fault.kind}`);
}

export function answerOf(body: string, status = 200): Outcome {
  return readAnswer({ status, headers: {}, body: Buffer.from(body) }, { device: 'fw', tried: 'show x on m' });
}
