import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Alert } from '../../src/core/alert.ts';
import { Bus } from '../../src/core/bus.ts';
import type { Case } from '../../src/core/case.ts';
import { Refusal } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import { sample } from '../../src/core/sample.ts';
import { createHttpApp } from '../../src/http/app.ts';
import type { HttpParts, Live } from '../../src/http/parts.ts';
import { tapped } from '../../src/observe/probe-log.ts';
import { Observer } from '../../src/observe/observer.ts';
import type { ObservedDevice } from '../../src/observe/observed-device.ts';
import { ServiceMetrics } from '../../src/observe/service-metrics.ts';
import type { Intake, Preview, Remediation } from '../../src/remediate/contract.ts';
import type { CaseQuery } from '../../src/store/contract.ts';
import type { Story } from './cases.ts';
import { ManualClock } from './manual-clock.ts';
import { collector, device, heat } from './observed.ts';

/** Remediation as HTTP sees it, without devices: it remembers what it was asked and answers from given stories. */
export class StageRemediation implements Remediation {
  readonly received: (readonly Alert[])[] = [];
  readonly asked: string[] = [];
  stories: readonly Story[] = [];
  storeFails = false;
  next: Preview = { kind: 'not-needed', detail: 'the buffer is at 12 %', before: [] };
  now: number;

  constructor(now: number) {
    this.now = now;
  }

  async receive(alerts: readonly Alert[]): Promise<Intake> {
    if (this.storeFails) throw new Error('SQLITE_FULL: database or disk is full');
    this.received.push(alerts);
    return { opened: alerts.length, repeated: 0, resolved: 0, withoutRemedy: 0, unusable: 0 };
  }

  async approve(caseId: string, planHash: string, by: string): Promise<Case> {
    const found = this.#find(caseId);
    if (found.planHash !== planHash) throw new Refusal('plan-changed', 'the plan is another one now: look again');
    this.asked.push(`approve ${caseId} ${planHash} by ${by}`);
    return found;
  }

  async reject(caseId: string, by: string): Promise<Case> {
    this.asked.push(`reject ${caseId} by ${by}`);
    return this.#find(caseId);
  }

  async release(caseId: string, by: string): Promise<Case> {
    const found = this.#find(caseId);
    if (found.state !== 'holding') throw new Refusal('not-holding', `case ${caseId} holds nothing`);
    this.asked.push(`release ${caseId} by ${by}`);
    return found;
  }

  async preview(remedy: string, name: string, target: object): Promise<Preview> {
    this.asked.push(`preview ${remedy} ${name} ${JSON.stringify(target)}`);
    return this.next;
  }

  async cases(query: CaseQuery): Promise<readonly Case[]> {
    return this.stories
      .map(story => story.case)
      .filter(found => query.states?.includes(found.state) ?? true)
      .filter(found => (query.device ?? found.device) === found.device)
      .filter(found => (query.remedy ?? found.remedy) === found.remedy)
      .slice(0, query.limit ?? 100);
  }

  async history(caseId: string) {
    const found = this.#find(caseId);
    const events = this.stories.find(story => story.case.id === caseId)?.events ?? [];
    const entries = events.map(({ at, event }, index) => {
      const hash = `${index}`.repeat(64).slice(0, 64);
      return { seq: index + 1, caseId, at, event, previousHash: hash, hash };
    });
    return { case: found, entries };
  }

  async blocks(): Promise<readonly Case[]> {
    return (await this.cases({})).filter(found => found.state === 'holding' || found.state === 'releasing');
  }

  async verifyChain() {
    return { intact: true, entries: 0, head: '' } as const;
  }

  #find(caseId: string): Case {
    const found = this.stories.find(story => story.case.id === caseId)?.case;
    if (!found) throw new Refusal('unknown-case', `there is no case ${caseId}`);
    return found;
  }
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A stage for the HTTP room: change what `live`, `ready` and the rest say, then ask the app. */
export interface Stage {
  readonly app: Express;
  readonly parts: HttpParts;
  readonly remediation: StageRemediation;
  readonly clock: ManualClock;
  readonly log: readonly LogLine[];
  live: Live;
  ready: boolean;
  draining: boolean;
  reload: () => Promise<void>;
}

export const heatOf = (part: string, value: number) =>
  collector(`heat-${part}`, async () => [sample(heat, { part }, value)], { metrics: [heat] });

export const STAGE_NOW = Date.UTC(2026, 10, 21, 3, 5, 0);

export function stage(
  change: Partial<Live> & Pick<HttpParts, 'web'> & { readonly observed?: readonly ObservedDevice[] } = {},
  clock: HttpParts['clock'] = new ManualClock(STAGE_NOW),
): Stage {
  const lines: LogLine[] = [];
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: { ...fields } });
  const log: Log = tapped({
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  });
  const metrics = new ServiceMetrics({ version: '0.1.0', revision: 'test' }, STAGE_NOW);
  const remediation = new StageRemediation(clock.now());
  const {
    observed = [device('fw-edge', heatOf('cpu', 41)), device('srx-vpn', heatOf('cpu', 37))],
    web,
    ...live
  } = change;
  const it = {
    remediation,
    clock,
    log: lines,
    ready: true,
    draining: false,
    reload: async () => undefined,
    live: {
      observer: new Observer(observed, { clock, log, tally: metrics }),
      remediation,
      devices: observed.map(({ name, driver }) => ({
        name,
        driver,
        addresses: ['https://192.0.2.11'],
        remedies: ['toy/swat'],
        config: { name, driver, credentials: { password: 'never shown' } },
      })),
      tokens: {},
      config: { store: 'sqlite:data/unclog.db', devices: observed.map(({ name }) => ({ name })) },
      ...live,
    },
  } as unknown as Stage & { parts: HttpParts; app: Express };
  it.parts = {
    live: () => it.live,
    metrics,
    bus: new Bus(error => {
      throw error;
    }),
    clock,
    log,
    version: '0.1.0',
    ...(web && { web }),
    reload: () => it.reload(),
    isReady: () => it.ready,
    isDraining: () => it.draining,
  };
  it.app = createHttpApp(it.parts);
  return it;
}

/** Serves an app on a port of the kernel's choice while `use` runs. */
export async function served<T>(app: Express, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
}

/** The value of one series of the service's own metrics. */
export async function counted(parts: HttpParts, name: string, labels: string): Promise<number | bigint | undefined> {
  const family = (await parts.metrics.families()).find(candidate => candidate.name === name);
  return family?.batches.flat().find(point => point.labels === labels)?.value;
}
