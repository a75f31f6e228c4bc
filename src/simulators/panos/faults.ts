/** Bad days to order: which call a fault meets, and how often. What each kind does is in `fault-effects.ts`. */
import { z } from 'zod';

const MATCH = {
  /** The member that it meets; both when absent. */
  member: z.string().optional(),
  /** The beginning of the command in words, as `request session-discard` or `show session id 7`; any when absent. */
  command: z.string().optional(),
  /** How many calls it meets: once when absent. */
  times: z.union([z.int().positive(), z.literal('always')]).optional(),
};

const PLAIN_KINDS = [
  'hang',
  'commit-window',
  'invalid-credential',
  'session-timeout',
  'denied',
  'unauthorized',
  'invalid-command',
  'malformed',
  'truncated',
  'empty',
  'html',
  'server-error',
  'reset-before',
  'reset-after',
  'reset-midway',
  'ignored',
] as const;

/** An ordered fault, as JSON. */
export const FaultOrder = z.discriminatedUnion('kind', [
  z.strictObject({ ...MATCH, kind: z.literal('slow'), ms: z.int().nonnegative() }),
  z.strictObject({ ...MATCH, kind: z.literal('reply'), status: z.int().min(200).max(599), body: z.string() }),
  z.strictObject({ ...MATCH, kind: z.literal('huge'), bytes: z.int().positive().optional() }),
  z.strictObject({ ...MATCH, kind: z.enum(PLAIN_KINDS) }),
]);
type FaultOrder = z.infer<typeof FaultOrder>;

/** In a test the command may also be a pattern, or a function of the command's words. */
type CommandMatch = string | RegExp | ((command: string) => boolean);
export type Fault = DistributiveMatch<FaultOrder>;
type DistributiveMatch<Order> = Order extends unknown
  ? Omit<Order, 'command'> & { readonly command?: CommandMatch | undefined }
  : never;

/** What ordering a fault returns: how many calls it will still meet, and a way to take it back. */
export interface OrderedFault {
  readonly remaining: number;
  cancel(): void;
}

interface Waiting {
  readonly fault: Fault;
  remaining: number;
}

/** The faults that wait for their calls. The first that matches meets the call, and no other. */
export class FaultQueue {
  #waiting: Waiting[] = [];

  order(fault: Fault): OrderedFault {
    const waiting: Waiting = { fault, remaining: fault.times === 'always' ? Infinity : (fault.times ?? 1) };
    this.#waiting.push(waiting);
    return {
      get remaining() {
        return waiting.remaining;
      },
      cancel: () => {
        waiting.remaining = 0;
        this.#dropSpent();
      },
    };
  }

  /** The fault that meets this call, counted as used. */
  take(member: string, command: string): Fault | undefined {
    const met = this.#waiting.find(({ fault }) => meets(fault, member, command));
    if (!met) return undefined;
    met.remaining -= 1;
    this.#dropSpent();
    return met.fault;
  }

  clear(): void {
    this.#waiting = [];
  }

  #dropSpent(): void {
    this.#waiting = this.#waiting.filter(({ remaining }) => remaining > 0);
  }
}

function meets(fault: Fault, member: string, command: string): boolean {
  if (fault.member !== undefined && fault.member !== member) return false;
  if (fault.command === undefined) return true;
  if (typeof fault.command === 'string') return `${command} `.startsWith(`${fault.command} `);
  return fault.command instanceof RegExp ? fault.command.test(command) : fault.command(command);
}
