import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceRefused, DeviceSurprise, messageOf } from '../../../core/errors.ts';
import type { Asking, BmcAccess, Exhibit, MissingExhibit, ResetAction } from '../access.ts';
import type { LoginGuard } from '../login-guard.ts';
import { makerByEnterpriseNumber, type BoardMaker } from '../sel/board-maker.ts';
import type { LogReading } from '../sel/log-event.ts';
import { readRecords } from '../sel/reading.ts';
import { RECORD_BYTES } from '../sel/record.ts';
import type { IpmiEntry } from './config.ts';
import { isEmptyLog } from './answer.ts';
import type { Ipmitool, Said } from './ipmitool.ts';
import { ChangeDetector } from './change-detector.ts';
import { parseManufacturer, parsePowerState, parseSelInfo, parseSensorCount, type SelInfo } from './replies.ts';

const GET_DEVICE_ID = [0x06, 0x01];
const GET_CHASSIS_STATUS = [0x00, 0x01];
const GET_SEL_INFO = [0x0a, 0x40];
const GET_SDR_REPOSITORY_INFO = [0x0a, 0x20];
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
/** What ipmitool takes as one word of a command. */
const PLAIN_PATH = /^[\w/.+-]+$/;

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
    const bytes = await this.#readRaw(info.entries, asking);
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
    const { entries } = await this.#readInfo(asking);
    yield { name: 'sel.bin', source: 'ipmitool sel writeraw', bytes: await this.#readRaw(entries, asking) };
    const described = await this.#hasSensorDescriptions(asking);
    for (const { name, command, plain } of EXHIBITS) {
      const chosen = described ? command : plain;
      const source = `ipmitool ${chosen ?? command}`;
      if (chosen === undefined) {
        yield { name, source, missing: NO_SENSORS };
        continue;
      }
      try {
        yield { name, source, bytes: Buffer.from(await this.#readText(chosen, asking)) };
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

  async reset(action: ResetAction, asking: Asking, aboutToSend: () => Promise<void>): Promise<string> {
    const code = CONTROLS.get(action);
    if (code === undefined) return this.#fail(`reset by ${action}`, 'IPMI has no such control');
    const request = { tried: `Chassis Control (${action})`, timeoutMs: SHORT_MS, aboutToSend };
    await this.#tool.change([...CHASSIS_CONTROL, code], request, asking);
    return 'completed normally';
  }

  close(): Promise<void> {
    return this.#tool.close();
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
  async #readRaw(expected: number, asking: Asking): Promise<Buffer> {
    const folder = await mkdtemp(join(tmpdir(), 'unclog-sel-'));
    const tried = 'read the SEL';
    try {
      const file = join(folder, 'sel.bin');
      if (!PLAIN_PATH.test(file)) return this.#fail(tried, `${file}: set TMPDIR to a path without spaces and quotes`);
      const read = async () => (existsSync(file) ? await readFile(file) : Buffer.alloc(0));
      // An empty log makes ipmitool write no file. All records are proof enough; with fewer it must not have complained.
      const whole = async ({ stderr, complaints }: Said) =>
        complaints === '' || isEmptyLog(stderr) || (await read()).length >= expected * RECORD_BYTES;
      await this.#tool.run(`sel writeraw ${file}`, { tried, timeoutMs: LOG_MS, whole }, asking);
      const bytes = await read();
      if (bytes.length <= RECORDS_MAX * RECORD_BYTES) return bytes;
      return this.#fail(tried, `${bytes.length} bytes are more than a SEL can hold`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** What ipmitool prints for people, with its complaints at the end. */
  async #readText(command: string, asking: Asking): Promise<string> {
    const tried = `ipmitool ${command}`;
    const request = { tried, timeoutMs: LOG_MS, whole: async () => true };
    const { stdout, complaints } = await this.#tool.run(command, request, asking);
    if (stdout.trim() === '') return this.#fail(tried, complaints === '' ? 'it printed nothing' : complaints);
    return complaints === '' ? stdout : `${stdout}\nipmitool complained:\n${complaints}\n`;
  }

  /**
   * False where the repository of sensor descriptions is empty: ipmitool would then erase it and fill it anew before it
   * lists sensors, which is a change that nobody asked for. A BMC that has no repository refuses the question.
   */
  async #hasSensorDescriptions(asking: Asking): Promise<boolean> {
    const tried = 'Get SDR Repository Info';
    try {
      const answer = await this.#tool.raw(GET_SDR_REPOSITORY_INFO, { tried, timeoutMs: SHORT_MS }, asking);
      return (parseSensorCount(answer) ?? 0) > 0;
    } catch (error) {
      if (error instanceof DeviceRefused) return true;
      throw error;
    }
  }

  #fail(tried: string, found: string): never {
    throw new DeviceSurprise({ device: this.#entry.name, tried, found });
  }
}

const NO_SENSORS =
  'the BMC holds no descriptions of its sensors, and ipmitool would write some into it before it lists them';

interface Listing {
  readonly name: string;
  readonly command: string;
  /** The command that does not go through the descriptions of sensors, where there is one. */
  readonly plain?: string;
}

/** For the vendor's eyes: text that nothing here reads. */
const EXHIBITS: readonly Listing[] = [
  { name: 'sel-info.txt', command: 'sel info', plain: 'sel info' },
  { name: 'sel-list.txt', command: 'sel elist', plain: 'sel list' },
  { name: 'bmc-info.txt', command: 'mc info', plain: 'mc info' },
  { name: 'chassis-status.txt', command: 'chassis status', plain: 'chassis status' },
  { name: 'sensors.txt', command: 'sdr elist all' },
  { name: 'fru.txt', command: 'fru print', plain: 'fru print 0' },
];
