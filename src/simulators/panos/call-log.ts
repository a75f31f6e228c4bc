/** What was asked of a simulated firewall, without keys or passwords: tests prove with it what was and was not sent. */

export interface CallRecord {
  /** When the request arrived, in ms since the epoch, by the device's clock. */
  readonly at: number;
  readonly member: string;
  readonly method: string;
  readonly type: string;
  /** The command in words, as `show session id 12`. */
  readonly command: string;
  readonly keyIn: 'header' | 'parameter' | 'none';
  /** Numbers the TLS connections of a member from 1: equal numbers prove that a connection was reused. */
  readonly connection: number;
  /** Calls that this member was working on when the request arrived, this one included. */
  readonly inFlight: number;
  /** Whether this is a command that changes state, whatever came of it. */
  changes: boolean;
  /** Whether the state was changed. */
  applied: boolean;
  /** HTTP status that was sent; absent while the call hangs or when the connection was cut before a status. */
  status?: number;
  /** The ordered fault that met this call. */
  fault?: string;
}

export class CallLog {
  #records: CallRecord[] = [];

  add(record: CallRecord): CallRecord {
    this.#records.push(record);
    return record;
  }

  all(): readonly Readonly<CallRecord>[] {
    return this.#records.map(record => ({ ...record }));
  }

  /** Only the commands that change state: refused, ignored and cut ones too. */
  changes(): readonly Readonly<CallRecord>[] {
    return this.all().filter(record => record.changes);
  }

  clear(): void {
    this.#records = [];
  }
}
