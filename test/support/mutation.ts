/** A small deterministic generator (xorshift), so that a mutant can be made again from its seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed + 1) * 2_654_435_761;
  }

  below(below: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % below;
  }
}

/** A damaged copy: bytes flipped, overwritten by extremes, parts cut out, doubled or put elsewhere. */
export function mutate(bytes: Buffer, dice: Dice): Buffer {
  let mutant = Buffer.from(bytes);
  for (let left = 1 + dice.below(8); left > 0 && mutant.length > 8; left--) {
    const at = dice.below(mutant.length - 4);
    const length = 1 + dice.below(64);
    switch (dice.below(6)) {
      case 0:
        mutant[at] = (mutant[at] ?? 0) ^ (1 << dice.below(8));
        break;
      case 1:
        mutant.writeUInt32LE([0, 1, 0xffff, 0x7fffffff, 0xffffffff, 0x01000000][dice.below(6)] ?? 0, at);
        break;
      case 2:
        mutant = Buffer.concat([mutant.subarray(0, at), mutant.subarray(at + length)]);
        break;
      case 3:
        mutant = Buffer.concat([mutant.subarray(0, at + length), mutant.subarray(at)]);
        break;
      case 4:
        mutant = mutant.subarray(0, at + 4);
        break;
      default:
        mutant.copy(mutant, dice.below(mutant.length), at, at + length);
    }
  }
  return mutant;
}
