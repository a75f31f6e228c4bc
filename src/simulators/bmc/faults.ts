import { z } from 'zod';

const MATCH = {
  /** The beginning of method and path, as `POST /cgi/login.cgi`; any call when absent. */
  call: z.string().optional(),
  /** How many calls it meets: once when absent. */
  times: z.union([z.int().positive(), z.literal('always')]).optional(),
};

/**
 * Bad days to order. `session-lost`: the session is forgotten. `sessions-full`: no room for another one. `malformed`,
 * `truncated`, `empty` and `stray-tail` spoil the reply; `reset` cuts the connection after the call took effect.
 */
export const FaultOrder = z.discriminatedUnion('kind', [
  z.strictObject({ ...MATCH, kind: z.literal('slow'), ms: z.int().nonnegative() }),
  z.strictObject({
    ...MATCH,
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.string().optional(),
  }),
  z.strictObject({
    ...MATCH,
    kind: z.enum(['session-lost', 'sessions-full', 'malformed', 'truncated', 'empty', 'stray-tail', 'reset', 'hang']),
  }),
]);
export type FaultOrder = z.output<typeof FaultOrder>;

interface Waiting {
  readonly order: FaultOrder;
  left: number;
}

/** The faults that wait for their calls. The first that matches meets the call. */
export class FaultQueue {
  #waiting: Waiting[] = [];

  order(order: FaultOrder): void {
    this.#waiting.push({ order, left: order.times === 'always' ? Infinity : (order.times ?? 1) });
  }

  take(call: string): FaultOrder | undefined {
    const met = this.#waiting.find(({ order }) => call.startsWith(order.call ?? ''));
    if (!met) return undefined;
    met.left -= 1;
    this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    return met.order;
  }

  clear(): void {
    this.#waiting = [];
  }
}
