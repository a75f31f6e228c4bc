import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceSurprise, messageOf } from '../../../core/errors.ts';
import type { Asking, BmcAccess, Exhibit, MissingExhibit, ResetAction } from '../access.ts';
import type { LoginGuard } from '../login-guard.ts';
import { makerByEnterpriseNumber, type BoardMaker } from '../sel/board-maker.ts';
import type { LogReading } from '../sel/log-event.ts';
import { readRecords } from '../sel/reading.ts';
import { RECORD_BYTES } from '../sel/record.ts';
import type { IpmiEntry } from './config.ts';
import type { Ipmitool } from './ipmitool.ts';
import { ChangeDetector } from './change-detector.ts';
import { parseManufacturer, parsePowerState, parseSelInfo, type SelInfo } from './replies.ts';

const GET_DEVICE_ID = [0x06, 0x01];
const GET_CHASSIS_STATUS = [0x00, 0x01];
const GET_SEL_INFO = [0x0a, 0x40];
const CHASSIS_CONTROL = [0x00, 0x02];

/** Chassis Control, by the standard's action codes. A soft shutdown does not start the host again, so it is left out. */
const CONTROLS = new Map<ResetAction, number>([
  ['nmi', 0x04],
  ['force-restart', 0x03],
  ['power-cycle', 0x02],
]);

const SHORT_MS = 20_000;
/** Some 4,000 records at the 20 ms that a slow BMC takes for one, twice over. */
const LOG_MS = 180_000;
const RECORDS_MAX = 65_535;

/** The way over IPMI 2.0, by ipmitool: what it reads is bytes, never the text it prints. */
export class IpmiAccess implements BmcAccess {
  readonly #entry: IpmiEntry;
  readonly #tool: Ipmitool;
  readonly #changes = new ChangeDetector();
  readonly logins: LoginGuard;
  #maker: BoardMaker | undefined;

  constructor(entry: IpmiEntry, tool: Ipmitool, logins: LoginGuard) {
    this.#entry = entry;
    this.#tool = tool;
    this.logins = logins;
  }

  async readLog(asking: Asking): Promise<LogReading> {
    const info = await this.#readInfo(asking);
    const unchanged = this.#changes.unchanged(info);
    if (unchanged) return unchanged;
    const maker = await this.#readMaker(asking);
    const bytes = await this.#readRaw(asking);
    const grown = bytes.length / RECORD_BYTES < info.entries ? await this.#readInfo(asking) : info;
    const reading = {
      ...readRecords(bytes, maker, Math.max(grown.entries, Math.floor(bytes.length / RECORD_BYTES))),
      overflow: info.overflow,
      freeBytes: info.freeBytes,
      erasedAt: info.erasedAt,
    };
    this.#changes.saw(info, reading);
    return reading;
  }

  async readPower(asking: Asking): Promise<'on' | 'off'> {
    const tried = 'Get Chassis Status';
    const state = parsePowerState(await this.#tool.raw(GET_CHASSIS_STATUS, { tried, timeoutMs: SHORT_MS }, asking));
    return state ?? this.#fail(tried, 'no power state in the answer');
  }

  async evidenceChanges(): Promise<readonly string[]> {
    return [];
  }

  async *collectEvidence(asking: Asking): AsyncIterable<Exhibit | MissingExhibit> {
    yield { name: 'sel.bin', source: 'ipmitool sel writeraw', bytes: await this.#readRaw(asking) };
    for (const [name, args] of EXHIBITS) {
      const source = `ipmitool ${args.join(' ')}`;
      try {
        const text = await this.#tool.run({ args, tried: source, timeoutMs: LOG_MS }, asking);
        yield { name, source, bytes: Buffer.from(text) };
      } catch (error) {
        asking.signal.throwIfAborted();
        yield { name, source, missing: messageOf(error) };
      }
    }
  }

  /** Which controls a BMC knows can only be found out by using them; a refused one changes nothing. */
  async offeredResets(): Promise<ReadonlyMap<ResetAction, string>> {
    return new Map(
      [...CONTROLS].map(([action, code]) => [
        action,
        `Chassis Control ${code.toString(16).padStart(2, '0')}h (${action})`,
      ]),
    );
  }

  async reset(action: ResetAction, asking: Asking): Promise<string> {
    const code = CONTROLS.get(action);
    if (code === undefined) return this.#fail(`reset by ${action}`, 'IPMI has no such control');
    await this.#tool.raw(
      [...CHASSIS_CONTROL, code],
      { tried: `Chassis Control (${action})`, timeoutMs: SHORT_MS, changes: true },
      asking,
    );
    return 'completed normally';
  }

  async close(): Promise<void> {
    // Every run of ipmitool has closed its own session.
  }

  async #readInfo(asking: Asking): Promise<SelInfo> {
    const tried = 'Get SEL Info';
    const info = parseSelInfo(await this.#tool.raw(GET_SEL_INFO, { tried, timeoutMs: SHORT_MS }, asking));
    return info ?? this.#fail(tried, 'the answer is not the 14 bytes of SEL version 51h');
  }

  async #readMaker(asking: Asking): Promise<BoardMaker> {
    this.#maker ??= this.#entry.maker;
    if (this.#maker) return this.#maker;
    const tried = 'Get Device ID';
    const number = parseManufacturer(await this.#tool.raw(GET_DEVICE_ID, { tried, timeoutMs: SHORT_MS }, asking));
    this.#maker = makerByEnterpriseNumber(number ?? this.#fail(tried, 'the answer is too short'));
    return this.#maker;
  }

  /** The records as they stand in the BMC, 16 bytes each. */
  async #readRaw(asking: Asking): Promise<Buffer> {
    const folder = await mkdtemp(join(tmpdir(), 'unclog-sel-'));
    try {
      const file = join(folder, 'sel.bin');
      const tried = 'read the SEL';
      await this.#tool.run({ args: ['sel', 'writeraw', file], tried, timeoutMs: LOG_MS }, asking);
      // An empty log makes ipmitool write no file.
      const bytes = existsSync(file) ? await readFile(file) : Buffer.alloc(0);
      if (bytes.length <= RECORDS_MAX * RECORD_BYTES) return bytes;
      return this.#fail(tried, `${bytes.length} bytes are more than a SEL can hold`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #fail(tried: string, found: string): never {
    throw new DeviceSurprise({ device: this.#entry.name, tried, found });
  }
}

/** For the vendor's eyes: text that nothing here reads. */
const EXHIBITS: readonly (readonly [string, readonly string[]])[] = [
  ['sel-info.txt', ['sel', 'info']],
  ['sel-list.txt', ['sel', 'elist']],
  ['bmc-info.txt', ['mc', 'info']],
  ['chassis-status.txt', ['chassis', 'status']],
  ['sensors.txt', ['sdr', 'elist', 'all']],
  ['fru.txt', ['fru', 'print']],
];
