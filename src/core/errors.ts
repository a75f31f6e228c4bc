import type { Sample } from './sample.ts';

/**
 * The closed set of errors (DESIGN.md section 5). Each says what was tried, on which device, what came back and what
 * to change. Retry is decided from the class alone, in `retry.ts`.
 */
export abstract class UnclogError extends Error {
  abstract readonly code: string;
}

/** One thing that is wrong in a configuration file. Lines and columns count from 1. */
export interface ConfigProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted path inside the file, as `devices[0].tls.ca_file`; empty for the file as a whole. */
  readonly path: string;
  /** What was found and what is allowed. */
  readonly message: string;
}

/** The configuration cannot be used; holds every problem at once. */
export class ConfigError extends UnclogError {
  override readonly name = 'ConfigError';
  readonly code = 'config';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

interface DeviceErrorFacts {
  readonly device: string;
  /** What was tried, in words: `show session info on 192.0.2.11`. Never holds a secret. */
  readonly tried: string;
  /** What came back, and what to change. */
  readonly found: string;
  readonly cause?: unknown;
}

abstract class DeviceError extends UnclogError {
  readonly device: string;
  readonly tried: string;

  constructor(facts: DeviceErrorFacts) {
    super(`${facts.device}: ${facts.tried}: ${facts.found}`, { cause: facts.cause });
    this.device = facts.device;
    this.tried = facts.tried;
  }
}

/** No answer, a broken connection, a deadline, or a device that says it is busy. Worth another try. */
export class DeviceUnreachable extends DeviceError {
  override readonly name = 'DeviceUnreachable';
  readonly code = 'unreachable';
  /**
   * True when the request may have reached the device before the connection broke: the caller must ask the device
   * what happened, and never send it again blindly.
   */
  readonly maybeDone: boolean;

  constructor(facts: DeviceErrorFacts & { readonly maybeDone?: boolean }) {
    super(facts);
    this.maybeDone = facts.maybeDone ?? false;
  }
}

/** The device answered no: credentials, role, certificate or host key, or an act that it does not allow. */
export class DeviceRefused extends DeviceError {
  override readonly name = 'DeviceRefused';
  readonly code = 'refused-by-device';
  /**
   * `credentials`: wrong user, password or key; tried once, then backed off long. `role`: this account lacks the right.
   * `trust`: certificate or host key is not the expected one. `denied`: the device does not allow the act now.
   */
  readonly why: 'credentials' | 'role' | 'trust' | 'denied';

  constructor(facts: DeviceErrorFacts & { readonly why: 'credentials' | 'role' | 'trust' | 'denied' }) {
    super(facts);
    this.why = facts.why;
  }
}

/** A reply that we do not understand. Keeps a redacted, shortened excerpt for the bug report. */
export class DeviceSurprise extends DeviceError {
  override readonly name = 'DeviceSurprise';
  readonly code = 'surprise';
  readonly excerpt: string;

  constructor(facts: DeviceErrorFacts & { readonly excerpt?: string }) {
    super(facts);
    this.excerpt = (facts.excerpt ?? '').slice(0, 2_000);
  }
}

/** A guard or a remedy declines to act. `reason` is a short closed word: it is a metric label. */
export class Refusal extends UnclogError {
  override readonly name = 'Refusal';
  readonly code = 'refusal';
  readonly reason: string;

  constructor(reason: string, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/**
 * A collector could read one part of a device and not another, as one of two HA members. It failed, and says so; what
 * it did read is still true, and is not thrown away.
 */
export class PartialResult extends UnclogError {
  override readonly name = 'PartialResult';
  readonly code = 'partial';
  readonly samples: readonly Sample[];
  /** What kept the rest from being read; at least one. */
  readonly errors: readonly unknown[];

  constructor(samples: readonly Sample[], errors: readonly unknown[]) {
    super(errors.map(messageOf).join('; '), { cause: errors[0] });
    this.samples = samples;
    this.errors = errors;
  }
}

/** Something that our own code promised did not hold. */
export class Bug extends UnclogError {
  override readonly name = 'Bug';
  readonly code = 'bug';
}

/** The text of whatever was thrown, for logs and the ledger. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `file:line:column: path: message`, as editors and compilers print it. */
function describeProblem(problem: ConfigProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  return problem.path === '' ? `${place}: ${problem.message}` : `${place}: ${problem.path}: ${problem.message}`;
}
