import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { studyBytes } from './captures.ts';
import { Dice, mutate } from './mutation.ts';

/** Larger captures would only take longer. */
const LARGEST_SEED = 64 * 1024;

/**
 * Studies so many mutants of the captures in a folder, and prints the slowest and the most memory that was ever in use.
 * A process of its own, so that memory is its own as well: `node mutation-process.ts FOLDER COUNT`.
 */
const [, , folder = '', count = '0'] = process.argv;
const seeds = readdirSync(folder)
  .map(name => readFileSync(join(folder, name)))
  .filter(bytes => bytes.length <= LARGEST_SEED);
let slowest = { mutant: -1, ms: 0 };
for (let mutant = 0; mutant < Number(count); mutant++) {
  const dice = new Dice(mutant);
  const bytes = mutate(seeds[dice.below(seeds.length)] ?? Buffer.alloc(0), dice);
  const started = performance.now();
  await studyBytes(bytes);
  const ms = performance.now() - started;
  if (ms > slowest.ms) slowest = { mutant, ms };
}
process.stdout.write(JSON.stringify({ slowest, mostBytes: process.resourceUsage().maxRSS * 1024 }));
