import { messageOf } from '../../core/errors.ts';
import { sendSyslog } from '../../transport/syslog.ts';
import type { Tools } from '../contract.ts';
import type { JunosEntry } from './config.ts';

/** local0.info: Junos' `external.info` has no number of its own in RFC 3164. */
const PRIORITY = 16 * 8 + 6;
const TAG = 'top-ah-clear-sa';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The trail that the on-box script leaves in syslog, in the same words, so that existing searches go on finding it.
 * Says nothing unless the entry has `syslog`. A lost line is logged and holds nothing up.
 */
export class SyslogTrail {
  readonly #entry: JunosEntry;
  readonly #tools: Tools;

  constructor(entry: JunosEntry, tools: Tools) {
    this.#entry = entry;
    this.#tools = tools;
  }

  async say(message: string): Promise<void> {
    if (this.#entry.syslog === undefined) return;
    try {
      await sendSyslog(receiverOf(this.#entry.syslog), this.#line(message));
    } catch (error) {
      this.#tools.log.warn({ device: this.#entry.name, detail: messageOf(error) }, 'a syslog line was not sent');
    }
  }

  /** RFC 3164 section 4.1, with UTC as the time. */
  #line(message: string): string {
    const at = new Date(this.#tools.clock.now());
    const day = String(at.getUTCDate()).padStart(2, ' ');
    const time = at.toISOString().slice(11, 19);
    return `<${PRIORITY}>${MONTHS[at.getUTCMonth()] ?? ''} ${day} ${time} ${this.#entry.name} ${TAG}[${process.pid}]: ${message}`;
  }
}

function receiverOf(address: string): { host: string; port: number } {
  const url = new URL(address);
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? 514 : Number(url.port) };
}
