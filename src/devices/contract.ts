import { z } from 'zod';
import type { Action, BlockPlan, NotNeeded, OncePlan, Receipt, Verdict } from '../core/action.ts';
import type { Priority } from '../core/call-gate.ts';
import type { Recollection } from '../core/case.ts';
import type { Clock } from '../core/clock.ts';
import type { Refusal } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import type { Mode, NeverList } from '../core/policy.ts';
import type { Metric, Sample } from '../core/sample.ts';
import type { Target, TargetKind } from '../core/target.ts';
import type { Term } from '../core/term.ts';

/** What every entry under `devices:` has; a driver extends it with its own keys. */
export const deviceEntry = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'letters, digits, dot, dash and underscore are allowed, 63 at most'),
  driver: z.string(),
  addresses: z.array(z.url()).min(1),
});

export type DeviceEntry = z.output<typeof deviceEntry>;

/** What a driver gets besides its configuration. */
export interface Tools {
  readonly clock: Clock;
  readonly log: Log;
  readonly memory: DeviceMemory;
}

/** Small facts that a collector must not forget over a restart: a log cursor, what an event log held. Durable. */
export interface DeviceMemory {
  get(key: string): Promise<Json | undefined>;
  put(key: string, value: Json): Promise<void>;
}

/**
 * One device's connection, shared by its collectors and remedies and reused. It opens nothing until it is asked.
 * Its methods beyond these are the driver's own.
 */
export interface Session {
  /** The same connection, asked with another priority. */
  at(priority: Priority): this;
  /** The same connection for reading; changes are recorded in words and not sent. */
  rehearse(): { readonly session: Session; readonly calls: readonly string[] };
  close(): Promise<void>;
}

/** When a collector runs. */
export type Cadence = 'scrape' | number;

/**
 * Reads one aspect of a device. Throws when reading fails, `PartialResult` when a part of it could be read all the same;
 * a value that the device did not give is no sample. The runner measures success and duration.
 */
export interface Collector<S extends Session> {
  readonly name: string;
  /** `scrape`: with every scrape. A number: too dear for that; in the background every so many seconds. */
  readonly cadence: Cadence;
  /** Where the device's configuration says another cadence: that one. */
  cadenceOf?(session: S): Cadence;
  readonly metrics: readonly Metric[];
  collect(session: S, signal: AbortSignal): Promise<readonly Sample[]>;
}

/** What a remedy is asked to do. `labels` are the alert's own: hostile text. */
export interface RemedyRequest<O> {
  readonly target: Target;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: O;
}

/** What a remedy whose changes stand is asked to do, with what stands already and what stood before. */
export interface BlockRequest<O> extends RemedyRequest<O> {
  /**
   * Never to be touched. An action that touches one of them is not done, so a remedy that changes many things in one
   * action leaves these out of it.
   */
  readonly never: NeverList;
  /** What this case has changed already, before an interruption. */
  readonly done: readonly Receipt[];
  /** Blocks of this remedy on this target that were held before and are over, newest first. */
  readonly earlier: readonly EarlierBlock[];
  /** What other blocks of this remedy on this device hold now. */
  readonly held: readonly HeldChange[];
}

/** A block that is over. */
export interface EarlierBlock {
  /** Milliseconds since the epoch. */
  readonly heldFrom: number;
  readonly receipts: readonly Receipt[];
}

/** A change that a block holds. */
export interface HeldChange {
  readonly receipt: Receipt;
  /** When the block is due to end: milliseconds since the epoch. */
  readonly dueAt: number;
}

interface RemedyFacts<S extends Session, O, P, R> {
  /** `vendor/verb-noun`, as rules and the configuration name it. */
  readonly name: string;
  readonly summary: string;
  /** The mode where the configuration names none: `dry-run`, unless even showing a plan asks too much of a device. */
  readonly defaultMode?: Mode;
  /** Which targets it can take; `device` means that it finds its own offenders. */
  readonly targets: readonly TargetKind[];
  /** Strict schema of its options, each with its default. */
  readonly options: z.ZodType<O>;
  /** Reads the device and decides. Changes nothing. A Refusal may be thrown as well as returned. */
  plan(session: S, request: R, signal: AbortSignal): Promise<P | NotNeeded | Refusal>;
  /**
   * Does one action of the plan, after checking again that it still is what was planned. Throws Refusal when it is not.
   * Sends exactly `action.calls`.
   */
  apply(session: S, action: Action, signal: AbortSignal): Promise<Receipt>;
  /** Reads back what the actions did, and judges the effect. Waits as long as the effect may take. */
  verify(session: S, plan: P, receipts: readonly Receipt[], signal: AbortSignal): Promise<Verdict>;
  /** After a crash or a lost answer: what does the device show of this action? Changes nothing. */
  recall(session: S, action: Action, signal: AbortSignal): Promise<Recollection>;
}

/** A remedy whose change is over when it is done. */
export interface OnceRemedy<S extends Session, O = unknown> extends RemedyFacts<S, O, OncePlan, RemedyRequest<O>> {
  readonly kind: 'once';
}

/** A remedy whose change stands until it is taken back. */
export interface BlockRemedy<S extends Session, O = unknown> extends RemedyFacts<S, O, BlockPlan, BlockRequest<O>> {
  readonly kind: 'block';
  /**
   * Takes the changes back and reads back that they are gone, except for what other blocks still hold (`held`). Doing it
   * twice is harmless.
   */
  undo(session: S, receipts: readonly Receipt[], held: readonly HeldChange[], signal: AbortSignal): Promise<Verdict>;
  /** Which of the receipts' changes the device shows now. A failed or short read throws: it is not an empty answer. */
  holds(session: S, receipts: readonly Receipt[], signal: AbortSignal): Promise<readonly boolean[]>;
  /** Sets a change again that vanished from the device, for the time that is left of it. */
  restore(session: S, receipt: Receipt, leftMs: number, signal: AbortSignal): Promise<Receipt>;
  /**
   * What looks on the device like a change of this remedy and belongs to none of these, in words: it is reported, and
   * only ever removed by a person.
   */
  strays?(session: S, options: O, held: readonly Receipt[], signal: AbortSignal): Promise<readonly string[]>;
}

export type Remedy<S extends Session, O = unknown> = OnceRemedy<S, O> | BlockRemedy<S, O>;

/** All that unclog knows of one kind of device. */
export interface Driver<S extends Session, C extends DeviceEntry = DeviceEntry> {
  /** As `driver:` in the configuration. */
  readonly name: string;
  /** Strict schema of this driver's device entry: `deviceEntry` extended. */
  readonly config: z.ZodType<C>;
  readonly collectors: readonly Collector<S>[];
  readonly remedies: readonly Remedy<S>[];
  /** Words of this vendor's logs, as `unclog explain` tells them. */
  readonly vocabulary?: readonly Term[];
  open(device: C, tools: Tools): S;
}

/** A driver as the rest of the program holds it: it pairs a session only with its own collectors and remedies. */
export type AnyDriver = Driver<Session>;

/**
 * Closes a driver's own types away. Sound because sessions come from `open` of the same driver only, and options and
 * entries have passed the driver's own schemas.
 */
export function driver<S extends Session, C extends DeviceEntry>(definition: Driver<S, C>): AnyDriver {
  return definition;
}

/** Closes a remedy's option type away; its schema has checked them. */
export function remedy<S extends Session, O>(definition: Remedy<S, O>): Remedy<S> {
  return definition;
}
