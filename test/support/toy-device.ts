import type { Action, BlockPlan, NotNeeded, OncePlan, Receipt, Verdict } from '../../src/core/action.ts';
import type { Priority } from '../../src/core/call-gate.ts';
import type { Recollection } from '../../src/core/case.ts';
import { DeviceUnreachable, Refusal } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { BlockRemedy, OnceRemedy, RemedyRequest, Session } from '../../src/devices/contract.ts';
import { z } from 'zod';

/** What happens to the next call that would change the toy. */
export type ToyFault = 'unreachable' | 'answer-lost' | 'never-arrived' | 'refused' | 'bug';

/**
 * The smallest device that has something to mend: a set of pests and a set of blocked addresses, in memory. It exists to
 * drive remediation through every branch; real drivers are tested on the wire.
 */
export class ToyDevice {
  readonly pests = new Set<string>();
  readonly blocked = new Set<string>();
  /** Every call that changed something, or tried to. */
  readonly sent: string[] = [];
  readonly faults: ToyFault[] = [];
  /** Errors that the next reads throw. */
  readonly readFaults: Error[] = [];
  level = 90;
  /** How far the level falls per pest that is removed. */
  relief = 30;
  afterCall: (() => void) | undefined;
  /** Reading back what `swat` did waits for this. */
  readingBack: Promise<void> = Promise.resolve();

  session(): ToySession {
    return new ToySession(this, undefined);
  }
}

export class ToySession implements Session {
  readonly toy: ToyDevice;
  readonly #recorded: string[] | undefined;

  constructor(toy: ToyDevice, recorded: string[] | undefined) {
    this.toy = toy;
    this.#recorded = recorded;
  }

  at(_priority: Priority): this {
    return this;
  }

  rehearse(): { session: ToySession; calls: readonly string[] } {
    const calls: string[] = [];
    return { session: new ToySession(this.toy, calls), calls };
  }

  async close(): Promise<void> {}

  read(): ToyDevice {
    const fault = this.toy.readFaults.shift();
    if (fault) throw fault;
    return this.toy;
  }

  change(call: string, effect: () => void): void {
    if (this.#recorded) {
      this.#recorded.push(call);
      return;
    }
    this.toy.sent.push(call);
    const fault = this.toy.faults.shift();
    const facts = { device: 'toy', tried: call, found: fault ?? '' };
    if (fault === 'unreachable') throw new DeviceUnreachable(facts);
    if (fault === 'never-arrived') throw new DeviceUnreachable({ ...facts, maybeDone: true });
    if (fault === 'refused') throw new Refusal('toy-changed', 'the toy is not what it was');
    if (fault === 'bug') throw new TypeError('undefined is not a function');
    effect();
    this.toy.afterCall?.();
    if (fault === 'answer-lost') throw new DeviceUnreachable({ ...facts, maybeDone: true });
  }
}

const options = z.strictObject({ threshold: z.number().default(80) });
type Options = z.output<typeof options>;

/** Removes every pest when the level is above the threshold. */
export const swat: OnceRemedy<ToySession, Options> = {
  name: 'toy/swat',
  summary: 'removes pests',
  kind: 'once',
  targets: ['device'],
  options,
  async plan(session, request: RemedyRequest<Options>): Promise<OncePlan | NotNeeded | Refusal> {
    const toy = session.read();
    const before = [{ name: 'level', value: toy.level, unit: '%' }];
    if (toy.level < request.options.threshold) return { kind: 'not-needed', detail: `level ${toy.level} %`, before };
    if (toy.pests.size === 0) return new Refusal('no-pest', 'no pest is to be found');
    const actions = [...toy.pests].map(pest => ({
      subject: `pest ${pest}`,
      touches: [{ kind: 'address' as const, value: pest }],
      calls: [`swat ${pest}`],
      evidence: [`${pest} sits there`],
      data: { pest },
    }));
    return { kind: 'once', summary: `swat ${actions.length}`, actions, before, passedOver: [] };
  },
  async apply(session, action): Promise<Receipt> {
    const pest = wordIn(action.data, 'pest');
    session.change(`swat ${pest}`, () => {
      session.toy.pests.delete(pest);
      session.toy.level -= session.toy.relief;
    });
    return { calls: [`swat ${pest}`], reply: 'ok', data: { pest } };
  },
  async verify(session, plan, receipts): Promise<Verdict> {
    await session.toy.readingBack;
    const toy = session.read();
    const was = plan.before[0]?.value ?? 0;
    return {
      proven: receipts.every(receipt => !toy.pests.has(wordIn(receipt.data, 'pest'))),
      effect: toy.level < was ? 'effective' : toy.level > was ? 'harmful' : 'ineffective',
      before: plan.before,
      after: [{ name: 'level', value: toy.level, unit: '%' }],
      detail: `level ${was} → ${toy.level} %`,
    };
  },
  async recall(session, action): Promise<Recollection> {
    const pest = wordIn(action.data, 'pest');
    if (session.read().pests.has(pest)) return { found: 'not-done', detail: `${pest} is still there` };
    return { found: 'done', receipt: { calls: [], reply: 'found gone', data: { pest } } };
  },
};

const blockOptions = z.strictObject({ hold: z.number().default(900_000) });

/** Blocks one address for a while. */
export const fence: BlockRemedy<ToySession, z.output<typeof blockOptions>> = {
  name: 'toy/fence',
  summary: 'blocks an address',
  kind: 'block',
  targets: ['address'],
  options: blockOptions,
  async plan(session, { target, options: { hold } }): Promise<BlockPlan | NotNeeded | Refusal> {
    session.read();
    if (target.kind !== 'address') return new Refusal('bad-target', 'an address is needed');
    const { value } = target;
    const actions: Action[] = [
      { subject: value, touches: [target], calls: [`block ${value}`], evidence: [], data: { address: value } },
    ];
    return { kind: 'block', holdMs: hold, summary: `block ${value}`, actions, before: [], passedOver: [] };
  },
  async apply(session, action): Promise<Receipt> {
    const address = wordIn(action.data, 'address');
    session.change(`block ${address}`, () => session.toy.blocked.add(address));
    return { calls: [`block ${address}`], reply: 'ok', data: { address } };
  },
  async verify(session, plan, receipts): Promise<Verdict> {
    const toy = session.read();
    const proven = receipts.every(receipt => toy.blocked.has(wordIn(receipt.data, 'address')));
    return {
      proven,
      effect: proven ? 'effective' : 'ineffective',
      before: plan.before,
      after: [],
      detail: 'read back',
    };
  },
  async recall(session, action): Promise<Recollection> {
    const address = wordIn(action.data, 'address');
    if (!session.read().blocked.has(address)) return { found: 'not-done', detail: 'not blocked' };
    return { found: 'done', receipt: { calls: [], reply: 'found blocked', data: { address } } };
  },
  async undo(session, receipts, _held): Promise<Verdict> {
    for (const { data } of receipts) {
      const address = wordIn(data, 'address');
      session.change(`unblock ${address}`, () => session.toy.blocked.delete(address));
    }
    const proven = receipts.every(({ data }) => !session.toy.blocked.has(wordIn(data, 'address')));
    return { proven, effect: 'effective', before: [], after: [], detail: 'read back' };
  },
  async holds(session, receipts): Promise<readonly boolean[]> {
    const toy = session.read();
    return receipts.map(({ data }) => toy.blocked.has(wordIn(data, 'address')));
  },
  async restore(session, receipt): Promise<Receipt> {
    const address = wordIn(receipt.data, 'address');
    session.change(`block ${address}`, () => session.toy.blocked.add(address));
    return receipt;
  },
};

/** A text that the toy itself put into its plain JSON. */
function wordIn(data: JsonObject, key: string): string {
  const word = data[key];
  if (typeof word !== 'string') throw new TypeError(`no ${key}`);
  return word;
}
