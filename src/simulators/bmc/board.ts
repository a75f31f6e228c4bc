import type { Clock } from '../../core/clock.ts';
import {
  CHASSIS_INTRUSION,
  FIRST_AC_POWER_ON,
  LOGIN_FAILED,
  pciErrorBytes,
  type EventBytes,
  type PciErrorName,
  type PciPlace,
} from './event-bytes.ts';
import { Sel, type SelOptions, type StoredRecord } from './sel.ts';

export interface BoardOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly username: string;
  readonly password: string;
  readonly sel: Partial<SelOptions>;
  /** How long the host stays without power in a restart, in milliseconds. */
  readonly restartMs: number;
}

export type ResetKind = 'nmi' | 'graceful-restart' | 'force-restart' | 'power-cycle';

/** A server board with its BMC: power, event log, and the host that hangs when its PCI bus fails. */
export class Board {
  readonly name: string;
  readonly username: string;
  readonly password: string;
  readonly sel: Sel;
  readonly resets: { readonly at: number; readonly kind: ResetKind }[] = [];
  failedLogins = 0;
  logins = 0;
  /** The host answers nobody. */
  hung = false;
  readonly #clock: Clock;
  readonly #restartMs: number;
  #poweredFrom = 0;

  constructor(options: BoardOptions) {
    this.name = options.name;
    this.username = options.username;
    this.password = options.password;
    this.sel = new Sel(options.sel);
    this.#clock = options.clock;
    this.#restartMs = options.restartMs;
  }

  get now(): number {
    return this.#clock.now();
  }

  get powerOn(): boolean {
    return this.#clock.monotonic() >= this.#poweredFrom;
  }

  /** Logs an event with the time of the BMC's clock, or another one, in seconds. */
  log(event: EventBytes, time = Math.floor(this.#clock.now() / 1_000)): StoredRecord | undefined {
    return this.sel.append(event, time);
  }

  /** The bus fails, the BIOS logs it, and the host hangs. */
  failPci(error: PciErrorName, place: PciPlace): StoredRecord | undefined {
    this.hung ||= error !== 'correctable';
    return this.log(pciErrorBytes(error, place));
  }

  /** True when user and password are right; a wrong one is an event, as on the real thing. */
  login(username: string, password: string): boolean {
    if (username === this.username && password === this.password) {
      this.logins += 1;
      return true;
    }
    this.failedLogins += 1;
    this.log(LOGIN_FAILED);
    return false;
  }

  reset(kind: ResetKind): void {
    this.resets.push({ at: this.now, kind });
    if (kind === 'nmi') return;
    this.#poweredFrom = this.#clock.monotonic() + this.#restartMs;
    this.hung = false;
  }
}

/** Eight weeks in the life of a capture probe that chokes: four SERRs, each with its recovery by unplugging. */
const HISTORY: readonly (readonly [EventBytes, string])[] = [
  [CHASSIS_INTRUSION, '2019-04-27T11:44:30Z'],
  [serr(), '2019-06-12T19:01:38Z'],
  [FIRST_AC_POWER_ON, '2019-06-14T18:10:39Z'],
  [CHASSIS_INTRUSION, '2019-06-14T18:14:23Z'],
  [serr(), '2019-06-14T19:20:16Z'],
  [FIRST_AC_POWER_ON, '2019-06-17T18:30:51Z'],
  [CHASSIS_INTRUSION, '2019-06-17T18:34:34Z'],
  [serr(), '2019-06-17T19:17:55Z'],
  [FIRST_AC_POWER_ON, '2019-06-17T19:46:05Z'],
  [CHASSIS_INTRUSION, '2019-06-17T19:49:53Z'],
  [FIRST_AC_POWER_ON, '2019-06-18T13:04:42Z'],
  [CHASSIS_INTRUSION, '2019-06-18T13:08:28Z'],
  [FIRST_AC_POWER_ON, '2019-06-18T15:25:47Z'],
  [CHASSIS_INTRUSION, '2019-06-18T15:29:31Z'],
  [FIRST_AC_POWER_ON, '2019-06-18T17:59:54Z'],
  [CHASSIS_INTRUSION, '2019-06-18T18:03:41Z'],
  [serr(), '2019-06-18T20:38:09Z'],
];

/** Gives the board that history. */
export function liveThrough(board: Board): void {
  for (const [event, at] of HISTORY) board.log(event, Date.parse(at) / 1_000);
}

function serr(): EventBytes {
  return pciErrorBytes('serr', { bus: 0x80, device: 2, function: 2 });
}
