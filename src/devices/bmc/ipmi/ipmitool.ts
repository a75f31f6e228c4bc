import { CallGate } from '../../../core/call-gate.ts';
import { DeviceRefused, DeviceSurprise, DeviceUnreachable } from '../../../core/errors.ts';
import { redact } from '../../../core/secret.ts';
import { runProgram, type ProgramResult } from '../../../transport/run-program.ts';
import type { Asking } from '../access.ts';
import type { LoginGuard } from '../login-guard.ts';
import type { IpmiEntry } from './config.ts';
import { complaintOf, type Complaint } from './complaint.ts';

const DEFAULT_PORT = 623;

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Each run of ipmitool opens a session of its own on the BMC and closes it again. */
export interface IpmitoolRun {
  readonly args: readonly string[];
  /** What is asked, in words, for errors. */
  readonly tried: string;
  readonly timeoutMs: number;
  /** A lost answer leaves open whether the BMC acted. */
  readonly changes?: boolean;
}

/** Runs ipmitool against one BMC, one run at a time. */
export class Ipmitool {
  readonly #entry: IpmiEntry;
  readonly #guard: LoginGuard;
  readonly #gate = new CallGate(1);

  constructor(entry: IpmiEntry, guard: LoginGuard) {
    this.#entry = entry;
    this.#guard = guard;
  }

  /** Standard output of a run that succeeded. */
  run(run: IpmitoolRun, asking: Asking): Promise<string> {
    return this.#gate.pass(asking.priority, () => this.#run(run, asking.signal, 1), asking.signal);
  }

  /** The bytes that a raw command answers after its completion code. `bytes` begin with NetFn and command. */
  async raw(bytes: readonly number[], run: Omit<IpmitoolRun, 'args'>, asking: Asking): Promise<Uint8Array> {
    const args = ['raw', ...bytes.map(byte => `0x${byte.toString(16).padStart(2, '0')}`)];
    const words = (await this.run({ ...run, args }, asking)).trim().split(/\s+/);
    if (words.every(word => /^([0-9a-f]{2})?$/.test(word))) return Buffer.from(words.join(''), 'hex');
    throw this.#surprise(run.tried, 'the answer is not made of hex bytes', words.join(' '));
  }

  async #run(run: IpmitoolRun, signal: AbortSignal, attempt: number): Promise<string> {
    this.#guard.check();
    const { ipmitool, credentials } = this.#entry;
    const result = await runProgram(
      {
        program: ipmitool,
        // Verbose, because without it a wrong password and a dead host give the same words.
        args: ['-v', ...this.#place(), ...run.args],
        environment: { IPMI_PASSWORD: credentials.password.secret.reveal() },
        timeoutMs: run.timeoutMs,
        maxOutputBytes: MAX_OUTPUT_BYTES,
      },
      signal,
    );
    if (result.kind === 'ended' && result.code === 0) {
      this.#guard.accepted();
      return result.stdout;
    }
    const complaint = result.kind === 'ended' ? complaintOf(result.stderr) : undefined;
    // Some X10 boards give this once and accept the same password the next time (ipmitool issue 154). The BMC itself has
    // refused nothing at that point, and logs nothing.
    if (complaint?.kind === 'bad-hmac' && attempt === 1) return this.#run(run, signal, 2);
    throw this.#failure(run, result, complaint);
  }

  #place(): readonly string[] {
    const { addresses, credentials, privilege, cipher_suite } = this.#entry;
    const url = new URL(addresses[0]);
    const suite = cipher_suite === undefined ? [] : ['-C', String(cipher_suite)];
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const where = ['-I', 'lanplus', '-H', host, '-p', url.port === '' ? String(DEFAULT_PORT) : url.port];
    return [...where, ...suite, '-U', credentials.username, '-E', '-L', privilege.toUpperCase(), '-N', '1', '-R', '3'];
  }

  #failure(run: IpmitoolRun, result: ProgramResult, complaint: Complaint | undefined): Error {
    const { name: device, credentials, ipmitool } = this.#entry;
    const { tried } = run;
    if (result.kind === 'failed') {
      const found = `${ipmitool}: ${result.detail}`;
      if (result.why === 'output') return this.#surprise(tried, found, '');
      return new DeviceUnreachable({
        device,
        tried,
        found,
        maybeDone: run.changes === true && result.why !== 'missing',
      });
    }
    switch (complaint?.kind) {
      case 'refused':
        if (complaint.why === 'credentials') this.#guard.refuse();
        return new DeviceRefused({ device, tried, found: complaint.found, why: complaint.why });
      case 'bad-hmac':
        this.#guard.refuse();
        return new DeviceRefused({ device, tried, found: complaint.found, why: 'credentials' });
      case 'unreachable':
        return new DeviceUnreachable({ device, tried, found: complaint.found });
      default: {
        const said = redact(result.stderr, [credentials.password.secret]);
        return this.#surprise(tried, `ipmitool ended with code ${result.code}`, said);
      }
    }
  }

  #surprise(tried: string, found: string, excerpt: string): DeviceSurprise {
    return new DeviceSurprise({ device: this.#entry.name, tried, found, excerpt });
  }
}
