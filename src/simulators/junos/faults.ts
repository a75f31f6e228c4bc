import { z } from 'zod';

const MATCH = {
  /** The beginning of the command in words; any when absent. */
  command: z.string().optional(),
  /** How many commands it meets: once when absent. */
  times: z.union([z.int().positive(), z.literal('always')]).optional(),
};

/**
 * Bad days to order. `syntax-error`, `permission-denied`, `node-unreachable`: the answer is that error. `error-inside`: an xnm:error stands in
 * the middle of the result. `noise`: syslog broadcasts stand before the reply. `cut`: the channel ends in the middle.
 * `drop`: the connection ends in the middle. `lost-answer`: the command is done, and the connection ends before the
 * answer. `hang`: no answer. `short`: one session less than the list says. `empty`: an empty reply. `refuse-channel`: the limit of sessions is
 * reached. `refuse-login`: no key or password is good.
 */
export const FaultOrder = z.discriminatedUnion('kind', [
  z.strictObject({ ...MATCH, kind: z.literal('slow'), ms: z.int().nonnegative() }),
  z.strictObject({
    ...MATCH,
    kind: z.enum([
      'syntax-error',
      'permission-denied',
      'node-unreachable',
      'error-inside',
      'noise',
      'cut',
      'drop',
      'lost-answer',
      'hang',
      'short',
      'empty',
      'refuse-channel',
      'refuse-login',
    ]),
  }),
]);
export type FaultOrder = z.infer<typeof FaultOrder>;

/** The faults that wait for their commands; the first that matches meets the command, and no other. */
export class FaultQueue {
  #waiting: { readonly fault: FaultOrder; left: number }[] = [];

  order(fault: FaultOrder): void {
    this.#waiting.push({ fault, left: fault.times === 'always' ? Infinity : (fault.times ?? 1) });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The fault that meets a command, used up by one. */
  meet(words: string): FaultOrder | undefined {
    return this.#use(fault => !fault.kind.startsWith('refuse-') && words.startsWith(fault.command ?? ''));
  }

  /** Whether a login or a channel is refused now. */
  refuses(kind: 'refuse-login' | 'refuse-channel'): boolean {
    return this.#use(fault => fault.kind === kind) !== undefined;
  }

  #use(matches: (fault: FaultOrder) => boolean): FaultOrder | undefined {
    const found = this.#waiting.find(({ fault }) => matches(fault));
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#waiting = this.#waiting.filter(other => other !== found);
    return found.fault;
  }
}
