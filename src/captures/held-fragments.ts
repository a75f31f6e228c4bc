import type { Timestamps } from './reading/timestamps.ts';

/** A packet as it was captured. */
export interface HeldPacket {
  readonly linkType: number;
  readonly bytes: Buffer;
  readonly wireLength: number;
  readonly at: readonly [timestamps: Timestamps, high: number, low: number];
}

/** Keeps IP fragments until it is known whether anybody wants the packet that they are part of. */
export class HeldFragments {
  readonly #held = new Map<string, HeldPacket[]>();

  /** Keeps a copy. What belongs to none of the datagrams that are still `waiting` was given up, and goes. */
  hold(key: string, packet: HeldPacket, waiting: ReadonlyMap<string, unknown>): void {
    const packets = this.#held.get(key) ?? [];
    this.#held.set(key, packets);
    packets.push({ ...packet, bytes: Buffer.from(packet.bytes) });
    if (this.#held.size <= waiting.size) return;
    for (const old of this.#held.keys()) if (!waiting.has(old)) this.#held.delete(old);
  }

  /** The fragments that came before the one that completed their datagram. */
  take(key: string): readonly HeldPacket[] {
    const packets = this.#held.get(key) ?? [];
    this.#held.delete(key);
    return packets;
  }
}
