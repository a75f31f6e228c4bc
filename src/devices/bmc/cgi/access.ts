import { CallGate } from '../../../core/call-gate.ts';
import { DeviceRefused, DeviceSurprise, messageOf } from '../../../core/errors.ts';
import type { Asking, BmcAccess, Exhibit, MissingExhibit, PowerState, ResetAction } from '../access.ts';
import type { LoginGuard } from '../login-guard.ts';
import type { LogReading } from '../sel/log-event.ts';
import { BadReply, parseEventLog, parsePower } from './replies.ts';
import type { CgiWeb } from './web.ts';

const EVENT_LOG = ['SEL_INFO.XML', '(1,c0)'] as const;

/** Kept for the vendor as they come; key names differ between the generations, and a board answers those it knows. */
const EXHIBITS = [
  ['GENERIC_INFO.XML', '(0,0)'],
  ['POWER_INFO.XML', '(0,0)'],
  ['SENSOR_INFO.XML', '(1,ff)'],
  ['SENSOR_INFO_FOR_SYS_HEALTH.XML', '(1,ff)'],
  ['SYS_HEALTH.XML', '(1,ff)'],
  ['Get_PSInfoReadings.XML', '(0,0)'],
  ['Get_PlatformInfo.XML', '(0,0)'],
  ['FRU_INFO.XML', '(0,0)'],
  ['SMBIOS_INFO.XML', '(0,0)'],
  ['POWER_CONSUMPTION.XML', '(0,0)'],
] as const;

/** The way over the web pages of Supermicro boards X9 to X11. */
export class CgiAccess implements BmcAccess {
  readonly #device: string;
  readonly #web: CgiWeb;
  readonly #gate = new CallGate(1);
  readonly logins: LoginGuard;

  constructor(device: string, web: CgiWeb, logins: LoginGuard) {
    this.#device = device;
    this.#web = web;
    this.logins = logins;
  }

  readLog(asking: Asking): Promise<LogReading> {
    return this.#read(EVENT_LOG, parseEventLog, asking);
  }

  readPower(asking: Asking): Promise<PowerState> {
    return this.#read(['POWER_INFO.XML', '(0,0)'], parsePower, asking);
  }

  async evidenceChanges(): Promise<readonly string[]> {
    return [];
  }

  async *collectEvidence(asking: Asking): AsyncIterable<Exhibit | MissingExhibit> {
    yield exhibit(EVENT_LOG, await this.#read(EVENT_LOG, keepParsable, asking));
    for (const [key, range] of EXHIBITS) {
      try {
        yield exhibit([key, range], await this.#read([key, range], body => body, asking));
      } catch (error) {
        asking.signal.throwIfAborted();
        yield { name: key, source: sourceOf(key, range), missing: messageOf(error) };
      }
    }
  }

  /** No power control of these pages is proven, so none is offered. */
  async offeredResets(): Promise<ReadonlyMap<ResetAction, string>> {
    return new Map();
  }

  async reset(action: ResetAction): Promise<string> {
    const found = 'the web pages of X9 to X11 boards are only read; configure the BMC with driver: ipmi or redfish';
    throw new DeviceRefused({ device: this.#device, tried: `reset by ${action}`, found, why: 'denied' });
  }

  close(): Promise<void> {
    return this.#web.close();
  }

  async #read<T>(query: readonly [string, string], parse: (body: string) => T, asking: Asking): Promise<T> {
    const { priority, signal } = asking;
    const body = await this.#gate.pass(priority, () => this.#web.query(...query, signal), signal);
    try {
      return parse(body);
    } catch (error) {
      if (!(error instanceof BadReply)) throw error;
      throw new DeviceSurprise({
        device: this.#device,
        tried: `read ${query[0]}`,
        found: error.message,
        excerpt: body,
        cause: error,
      });
    }
  }
}

/** The log is kept as it came, once it has proved to be one. */
function keepParsable(body: string): string {
  parseEventLog(body);
  return body;
}

function exhibit([key, range]: readonly [string, string], body: string): Exhibit {
  return { name: key, source: sourceOf(key, range), bytes: Buffer.from(body) };
}

function sourceOf(key: string, range: string): string {
  return `POST /cgi/ipmi.cgi ${key}=${range}`;
}
