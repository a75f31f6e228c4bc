import { CallGate } from '../../../core/call-gate.ts';
import type { Clock } from '../../../core/clock.ts';
import { DeviceRefused, DeviceSurprise, messageOf } from '../../../core/errors.ts';
import type { Asking, BmcAccess, Exhibit, MissingExhibit, PowerState, ResetAction } from '../access.ts';
import type { LoginGuard } from '../login-guard.ts';
import type { LogReading } from '../sel/log-event.ts';
import type { RedfishEntry } from './config.ts';
import { collectDiagnostics, DIAGNOSTIC_REQUEST } from './diagnostics.ts';
import { discover, reader, type Layout } from './discovery.ts';
import { readExhibits } from './exhibits.ts';
import { pagesOf, readPage, readPages, type Page } from './log-pages.ts';
import { computerSystem } from './replies.ts';
import { offeredResets, type OfferedReset } from './resets.ts';
import type { RedfishWeb } from './web.ts';

const ENTRIES_MAX = 65_535;
const DIAGNOSTICS_MAX_BYTES = 64 * 1024 * 1024;

/** The way over Redfish (DSP0266): Supermicro from X12, iDRAC, iLO, OpenBMC. */
export class RedfishAccess implements BmcAccess {
  readonly #entry: RedfishEntry;
  readonly #web: RedfishWeb;
  readonly #clock: Clock;
  readonly #gate = new CallGate(2);
  readonly logins: LoginGuard;
  #layout: Layout | undefined;

  constructor(entry: RedfishEntry, web: RedfishWeb, logins: LoginGuard, clock: Clock) {
    this.#entry = entry;
    this.#web = web;
    this.logins = logins;
    this.#clock = clock;
  }

  async readLog(asking: Asking): Promise<LogReading> {
    const { eventLog, maker } = await this.#discover(asking);
    const pages: Page[] = [];
    for await (const page of pagesOf(eventLog.entries, ENTRIES_MAX, path => this.#page(path, asking))) pages.push(page);
    return readPages(pages, maker);
  }

  async readPower(asking: Asking): Promise<PowerState> {
    const { system } = await this.#discover(asking);
    const { PowerState: state } = await this.#pass(asking, () => this.#read(asking)(system, computerSystem));
    if (state === 'On' || state === 'PoweringOff') return 'on';
    if (state === 'Off' || state === 'PoweringOn') return 'off';
    throw this.#surprise(`GET ${system}`, `PowerState is ${JSON.stringify(state ?? null)}`);
  }

  async evidenceChanges(asking: Asking): Promise<readonly string[]> {
    const target = diagnosticsOf(await this.#discover(asking));
    return target === undefined ? [] : [`POST ${target} ${JSON.stringify(DIAGNOSTIC_REQUEST)}`];
  }

  async *collectEvidence(asking: Asking): AsyncIterable<Exhibit | MissingExhibit> {
    const layout = await this.#discover(asking);
    const get = (path: string) => this.#pass(asking, () => this.#web.get(path, asking.signal));
    for await (const exhibit of readExhibits(layout, get, path => this.#page(path, asking))) {
      asking.signal.throwIfAborted();
      yield exhibit;
    }
    const target = diagnosticsOf(layout);
    if (target !== undefined) yield this.#diagnostics(target, asking);
  }

  async offeredResets(asking: Asking): Promise<ReadonlyMap<ResetAction, string>> {
    const offered = await this.#offered(asking);
    return new Map([...offered].map(([action, reset]) => [action, `POST ${reset.target} ${bodyOf(reset)}`]));
  }

  async reset(action: ResetAction, asking: Asking, aboutToSend: () => Promise<void>): Promise<string> {
    const offered = (await this.#offered(asking)).get(action);
    if (!offered) {
      const found = 'the BMC does not offer it now';
      throw new DeviceRefused({ device: this.#entry.name, tried: `reset by ${action}`, found, why: 'denied' });
    }
    const body = { ResetType: offered.resetType };
    const answer = await this.#pass(asking, async () => {
      await aboutToSend();
      return this.#web.post(offered.target, body, asking.signal);
    });
    return `status ${answer.status} ${answer.body.toString('utf8').slice(0, 200)}`.trim();
  }

  close(): Promise<void> {
    return this.#web.close();
  }

  async #discover(asking: Asking): Promise<Layout> {
    this.#layout ??= await this.#pass(asking, () => discover(this.#entry, this.#read(asking)));
    return this.#layout;
  }

  async #offered(asking: Asking): Promise<ReadonlyMap<ResetAction, OfferedReset>> {
    const { system } = await this.#discover(asking);
    const read = this.#read(asking);
    return this.#pass(asking, async () => offeredResets(await read(system, computerSystem), read));
  }

  async #page(path: string, asking: Asking): Promise<Page> {
    const page = readPage(await this.#pass(asking, () => this.#web.get(path, asking.signal)));
    if (page) return page;
    // iDRAC7 and iDRAC8 move their logs with firmware updates.
    this.#layout = undefined;
    throw this.#surprise(`GET ${path}`, 'the reply is no page of log entries');
  }

  async #diagnostics(target: string, asking: Asking): Promise<Exhibit | MissingExhibit> {
    const { signal } = asking;
    const [name, source] = ['diagnostics.bin', `POST ${target}`];
    const means = { device: this.#entry.name, web: this.#web, read: this.#read(asking), clock: this.#clock, signal };
    try {
      return { name, source, bytes: await collectDiagnostics(target, DIAGNOSTICS_MAX_BYTES, means) };
    } catch (error) {
      signal.throwIfAborted();
      return { name, source, missing: messageOf(error) };
    }
  }

  #pass<T>(asking: Asking, call: () => Promise<T>): Promise<T> {
    return this.#gate.pass(asking.priority, call, asking.signal);
  }

  #read(asking: Asking) {
    return reader(this.#entry.name, this.#web, asking.signal);
  }

  #surprise(tried: string, found: string): DeviceSurprise {
    return new DeviceSurprise({ device: this.#entry.name, tried, found });
  }
}

function diagnosticsOf(layout: Layout): string | undefined {
  const offering = layout.logs.map(log => log.service.Actions?.['#LogService.CollectDiagnosticData']?.target);
  return offering.find(target => target !== undefined);
}

function bodyOf(reset: OfferedReset): string {
  return JSON.stringify({ ResetType: reset.resetType });
}
