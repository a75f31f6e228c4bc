import type { TestContext } from 'node:test';
import {
  type PanosSimulator,
  type PanosSimulatorOptions,
  startPanosSimulator,
} from '../../src/simulators/panos/simulator.ts';
import { ManualClock } from './manual-clock.ts';
import { type PanosClient, panosClient, texts } from './panos-client.ts';

export interface PanosBench {
  readonly simulator: PanosSimulator;
  readonly client: PanosClient;
  readonly clock: ManualClock;
  /** Percent of packet buffer by dataplane, as the resource monitor of that member shows it. */
  readonly packetBuffer: (member?: number) => Promise<Readonly<Record<string, number>>>;
  /** `ACTIVE`, `DISCARD`, or `gone`. */
  readonly sessionState: (id: number, member?: number) => Promise<string>;
  /** The body of the answer. */
  readonly discard: (id: number, member?: number, timeout?: number) => Promise<string>;
}

/** A simulated firewall with a client and a clock of its own, all closed when the test ends. */
export async function panosBench(test: TestContext, options: PanosSimulatorOptions = {}): Promise<PanosBench> {
  const clock = new ManualClock();
  const simulator = await startPanosSimulator({ clock, ...options });
  const client = panosClient(simulator);
  test.after(async () => {
    await client.close();
    await simulator.close();
  });
  return {
    simulator,
    client,
    clock,
    packetBuffer: async (member = 0) => {
      const { body } = await client.op(
        '<show><running><resource-monitor><second><last>1</last></second></resource-monitor></running></show>',
        member,
      );
      const found = body.matchAll(/<(s?\d*dp\d+)><second>.*?<name>packet buffer<\/name><value>(\d+)<\/value>/g);
      return Object.fromEntries([...found].map(match => [match[1] ?? '', Number(match[2])]));
    },
    sessionState: async (id, member = 0) => {
      const { body } = await client.op(`<show><session><id>${id}</id></session></show>`, member);
      return texts(body, 'state')[0] ?? 'gone';
    },
    discard: async (id, member = 0, timeout = 60) => {
      const words = `<timeout>${timeout}</timeout><reason>test</reason><id>${id}</id>`;
      return (await client.op(`<request><session-discard>${words}</session-discard></request>`, member)).body;
    },
  };
}
