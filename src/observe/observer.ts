import { DeviceRefused, DeviceSurprise, PartialResult } from '../core/errors.ts';
import { Background } from './background.ts';
import { CollectorRun, type Outcome, type RunTools } from './collector-run.ts';
import { FamilyList, labelText, type Family, type Point } from './family.ts';
import { checkMetrics, type ObservedDevice } from './observed-device.ts';
import * as runner from './runner-metrics.ts';
import { deviceStatus, type DeviceStatus } from './status.ts';

/** What is asked of the devices. */
interface Look {
  /** Names of devices; all when absent. */
  readonly devices?: readonly string[];
  /** Names of collectors; all when absent. */
  readonly collectors?: readonly string[];
  /** How long the answer may take, in milliseconds. */
  readonly deadlineMs: number;
  /** Collectors with a cadence: their last result in the background, or a run now. `last` when absent. */
  readonly cadenced?: 'last' | 'now';
}

/** How one collector stands in one answer. */
interface Reading {
  readonly run: CollectorRun;
  /** Absent when a background collector has not run yet. */
  readonly outcome: Outcome | undefined;
  /** Where its points come from; absent when there are none that may be shown. */
  readonly shown: Outcome | undefined;
}

/** Runs the collectors of devices under one deadline. Any outcome becomes samples; nothing here rejects. */
export class Observer {
  readonly devices: readonly ObservedDevice[];
  /** Runs the collectors that have a cadence. */
  readonly background: Background;
  readonly #tools: RunTools;
  readonly #runs: ReadonlyMap<string, readonly CollectorRun[]>;

  /** Throws Bug when the collectors' metrics contradict each other. */
  constructor(devices: readonly ObservedDevice[], tools: RunTools) {
    checkMetrics(devices);
    this.devices = devices;
    this.#tools = tools;
    this.#runs = new Map(
      devices.map(({ name, session, collectors }) => [
        name,
        collectors.map(collector => new CollectorRun(name, session, collector, tools)),
      ]),
    );
    this.background = new Background([...this.#runs.values()].flat(), tools.clock);
  }

  /** The families of these devices, with what there is when the deadline passes. Devices do not wait for each other. */
  async observe(look: Look): Promise<readonly Family[]> {
    const { clock } = this.#tools;
    const deadline = new AbortController();
    const answered = new AbortController();
    const timer = clock.sleep(look.deadlineMs, answered.signal).then(
      () => deadline.abort(),
      () => undefined,
    );
    const devices = this.devices.filter(device => look.devices?.includes(device.name) ?? true);
    const readings = await Promise.all(devices.map(device => this.#read(device, look, deadline.signal)));
    answered.abort(new Error('answered'));
    await timer;
    const families = new FamilyList();
    devices.forEach((device, index) => this.#tell(families, device, readings[index] ?? []));
    return families.list();
  }

  /** How each device stood when it was last looked at, for people. */
  status(): readonly DeviceStatus[] {
    return this.devices.map(device => deviceStatus(device, this.#runs.get(device.name) ?? [], isUp));
  }

  #read(device: ObservedDevice, look: Look, deadline: AbortSignal): Promise<readonly Reading[]> {
    const runs = this.#runs.get(device.name) ?? [];
    const chosen = runs.filter(run => look.collectors?.includes(run.collector.name) ?? true);
    return Promise.all(
      chosen.map(async run => {
        if (run.cadence !== 'scrape' && look.cadenced !== 'now') {
          return { run, outcome: run.last, shown: this.background.fresh(run) };
        }
        const outcome = await run.until(deadline);
        return { run, outcome, shown: outcome };
      }),
    );
  }

  #tell(families: FamilyList, device: ObservedDevice, readings: readonly Reading[]): void {
    const { name } = device;
    const outcomes = readings.flatMap(reading => reading.outcome ?? []);
    if (outcomes.length > 0) {
      families.add(runner.deviceUp, [point(name, 'driver', device.driver, outcomes.some(isUp) ? 1 : 0)]);
    }
    for (const { run, outcome, shown } of readings) {
      const collector = run.collector.name;
      const one = (value: number) => [point(name, 'collector', collector, value)];
      if (outcome) {
        families.add(runner.collectorSuccess, one(outcome.success ? 1 : 0));
        families.add(runner.collectorDuration, one(outcome.durationMs / 1_000));
      }
      if (run.lastSuccess) families.add(runner.collectorLastSuccess, one(run.lastSuccess.at / 1_000));
      if (!shown?.points) continue;
      if (run.cadence !== 'scrape') families.add(runner.collectorAge, one(this.#ageSeconds(shown.at)));
      for (const [metric, points] of shown.points) families.add(metric, points);
    }
  }

  #ageSeconds(at: number): number {
    return Math.max(0, this.#tools.clock.now() - at) / 1_000;
  }
}

function isUp(outcome: Outcome): boolean {
  return outcome.success || comesFromDevice(outcome.error);
}

/**
 * A reply that we do not understand, a refusal for want of a right, and an answer in part still come from a device that
 * is up.
 */
function comesFromDevice(error: unknown): boolean {
  if (error instanceof DeviceSurprise) return true;
  if (error instanceof PartialResult) return error.samples.length > 0 || error.errors.some(comesFromDevice);
  return error instanceof DeviceRefused && (error.why === 'role' || error.why === 'denied');
}

function point(device: string, label: string, value: string, number: number): Point {
  return {
    suffix: '',
    labels: labelText([
      ['device', device],
      [label, value],
    ]),
    value: number,
  };
}
