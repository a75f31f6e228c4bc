import { randomUUID } from 'node:crypto';
import type { Alert } from '../core/alert.ts';
import type { AlertFate } from '../core/bus.ts';
import { type Case, caseKey, isAtRest } from '../core/case.ts';
import type { Opening } from '../store/contract.ts';
import type { Bench } from './armed.ts';
import type { Intake } from './contract.ts';
import { requestOf } from './policy.ts';

/** What came of a notification, and the cases that it opened. */
export interface Received {
  readonly intake: Intake;
  readonly opened: readonly Case[];
}

interface Sorted {
  readonly alert: Alert;
  readonly fate: AlertFate;
  readonly opening?: Opening;
  readonly detail?: string;
}

/**
 * Turns alerts into cases, durably and in one transaction. Repeats, copies from an HA pair, re-orderings and `resolved`
 * notices change nothing: what counts is the state of the case for (device, remedy, target), not the notification.
 */
export async function receive(bench: Bench, alerts: readonly Alert[]): Promise<Received> {
  const at = bench.clock.now();
  const sorted: Sorted[] = [];
  for (const alert of alerts) sorted.push(await sort(bench, alert));
  const openings = sorted.flatMap(entry => entry.opening ?? []);
  const opened = openings.length === 0 ? [] : await bench.store.open(openings, at);
  const openedIds = new Set(opened.map(subject => subject.id));

  const fates = sorted.map(entry => fateOf(entry, openedIds));
  sorted.forEach((entry, index) => tell(bench, entry, fates[index] as AlertFate, at));
  for (const subject of opened) {
    const { device, remedy, target, alert } = subject;
    const event = { type: 'received', device, remedy, target, alert } as const;
    bench.bus.tell({ kind: 'case', at: subject.openedAt, case: subject, event });
  }
  return { intake: count(fates), opened };
}

async function sort(bench: Bench, alert: Alert): Promise<Sorted> {
  if (alert.status === 'resolved') return { alert, fate: 'resolved' };
  const request = requestOf(alert, bench.armed());
  if (request.kind === 'none') return { alert, fate: 'without-remedy' };
  if (request.kind === 'unusable') return { alert, fate: 'unusable', detail: request.detail };
  const { device, remedy, target } = request;
  if (await isSettled(bench, caseKey({ device, remedy, target }), alert, remedy)) return { alert, fate: 'repeated' };
  const opening: Opening = { id: randomUUID(), event: { type: 'received', device, remedy, target, alert } };
  return { alert, fate: 'opened', opening };
}

/** An open case, a fresh ending of the same episode, or one episode that a remedy has already failed to mend. */
async function isSettled(bench: Bench, key: string, alert: Alert, remedy: string): Promise<boolean> {
  const latest = await bench.store.latest(key);
  if (!latest) return false;
  if (!isAtRest(latest)) return true;
  const cooldownMs = bench.armed().policies.get(remedy)?.cooldownMs ?? 0;
  const endedAt = latest.endedAt ?? latest.updatedAt;
  if (latest.alert.startsAt === alert.startsAt && bench.clock.now() - endedAt < cooldownMs) return true;
  const acted = await bench.store.lastActed(key);
  const sameEpisode = acted?.alert.startsAt === alert.startsAt;
  return sameEpisode && acted?.verdict !== undefined && !(acted.verdict.proven && acted.verdict.effect === 'effective');
}

/** The store skips an opening whose key another alert of the same body, or another request, opened first. */
function fateOf(entry: Sorted, openedIds: ReadonlySet<string>): AlertFate {
  return entry.opening && !openedIds.has(entry.opening.id) ? 'repeated' : entry.fate;
}

function tell(bench: Bench, entry: Sorted, fate: AlertFate, at: number): void {
  bench.bus.tell({ kind: 'alert', at, alert: entry.alert, fate });
  if (entry.detail !== undefined) bench.log.warn({ detail: entry.detail }, 'alert is not usable');
}

function count(fates: readonly AlertFate[]): Intake {
  const of = (fate: AlertFate) => fates.filter(other => other === fate).length;
  return {
    opened: of('opened'),
    repeated: of('repeated'),
    resolved: of('resolved'),
    withoutRemedy: of('without-remedy'),
    unusable: of('unusable'),
  };
}
