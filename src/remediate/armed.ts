import type { Bus } from '../core/bus.ts';
import type { Case, CaseEvent } from '../core/case.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Guards, RemedyPolicy } from '../core/policy.ts';
import { Refusal } from '../core/errors.ts';
import type { Remedy, Session } from '../devices/contract.ts';
import type { Store } from '../store/contract.ts';

/** A configured device, as remediation sees it. */
export interface ArmedDevice {
  readonly name: string;
  readonly session: Session;
  /** The remedies of its driver, by name. */
  readonly remedies: ReadonlyMap<string, Remedy<Session>>;
}

/** What the configuration in force allows. Replaced whole by a reload. */
export interface Arming {
  readonly devices: ReadonlyMap<string, ArmedDevice>;
  readonly policies: ReadonlyMap<string, RemedyPolicy>;
  readonly guards: Guards;
}

/** What every step of remediation works with. */
export interface Bench {
  readonly clock: Clock;
  readonly store: Store;
  readonly bus: Bus;
  readonly log: Log;
  /** The arming in force now. */
  armed(): Arming;
}

/** A device, one of its remedies and how that may be used. */
export interface Means {
  readonly device: ArmedDevice;
  readonly remedy: Remedy<Session>;
  readonly policy: RemedyPolicy;
}

/** Finds what a case needs. Throws Refusal `unknown-device` or `unknown-remedy` with the known names. */
export function meansOf(arming: Arming, deviceName: string, remedyName: string): Means {
  const device = arming.devices.get(deviceName);
  if (!device) {
    throw new Refusal(
      'unknown-device',
      `device ${quote(deviceName)} is not configured; known: ${list(arming.devices.keys())}`,
    );
  }
  const remedy = device.remedies.get(remedyName);
  const policy = arming.policies.get(remedyName);
  if (!remedy || !policy) {
    const known = list(device.remedies.keys());
    throw new Refusal(
      'unknown-remedy',
      `remedy ${quote(remedyName)} is not one of device ${deviceName}; known: ${known}`,
    );
  }
  return { device, remedy, policy };
}

/** Adds events to a case durably, then tells the watchers. Gives the case as it is now. */
export async function record(bench: Bench, subject: Case, ...events: readonly CaseEvent[]): Promise<Case> {
  const at = bench.clock.now();
  const next = await bench.store.append(subject.id, subject.version, events, at);
  for (const event of events) bench.bus.tell({ kind: 'case', at, case: next, event });
  return next;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

function list(names: Iterable<string>): string {
  const known = [...names].sort();
  return known.length === 0 ? 'none' : known.slice(0, 20).join(', ');
}
