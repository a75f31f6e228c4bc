import { Bug } from '../../src/core/errors.ts';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Metric, Sample } from '../../src/core/sample.ts';
import type { Collector, Session } from '../../src/devices/contract.ts';
import type { Family } from '../../src/observe/family.ts';
import { writeExposition, type Format } from '../../src/observe/exposition.ts';
import type { ObservedDevice } from '../../src/observe/observed-device.ts';
import { Observer } from '../../src/observe/observer.ts';

/** A session that nobody may ask for anything. */
export const deafSession: Session = {
  at() {
    return this;
  },
  rehearse() {
    throw new Bug('this session cannot rehearse');
  },
  close: async () => undefined,
};

export const heat: Metric = {
  name: 'toy_heat_celsius',
  help: 'Heat of the toy.',
  kind: 'gauge',
  labels: ['part'],
};

export function collector(
  name: string,
  collect: (signal: AbortSignal) => Promise<readonly Sample[]>,
  extra: Partial<Pick<Collector<Session>, 'cadence' | 'metrics'>> = {},
): Collector<Session> {
  return { name, cadence: 'scrape', metrics: [], ...extra, collect: (_session, signal) => collect(signal) };
}

export function device(name: string, ...collectors: Collector<Session>[]): ObservedDevice {
  return { name, driver: 'toy', session: deafSession, collectors };
}

export interface Counts {
  readonly rejected: [device: string, collector: string, reason: string, count: number][];
  readonly dropped: [device: string, metric: string, count: number][];
}

export function observer(devices: readonly ObservedDevice[], clock: Clock = systemClock) {
  const counts: Counts = { rejected: [], dropped: [] };
  const tally = {
    samplesRejected: (...row: Counts['rejected'][number]) => void counts.rejected.push(row),
    seriesDropped: (...row: Counts['dropped'][number]) => void counts.dropped.push(row),
  };
  return { observer: new Observer(devices, { clock, log: silentLog, tally }), counts };
}

export async function text(families: Iterable<Family>, format: Format = 'text'): Promise<string> {
  let page = '';
  for await (const chunk of writeExposition(families, format)) page += chunk;
  return page;
}

/** The sample lines of a page, without comments. */
export async function lines(families: Iterable<Family>): Promise<readonly string[]> {
  return (await text(families)).split('\n').filter(line => line !== '' && !line.startsWith('#'));
}
