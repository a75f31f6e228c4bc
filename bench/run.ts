import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';

/** `node bench/run.ts [name…] [-- argument…]`: runs these benches, or all, one after the other: `bench/<name>.ts`. */

interface Bench {
  default(args: readonly string[]): Promise<void>;
}

const folder = import.meta.dirname;
const words = process.argv.slice(2);
const split = words.includes('--') ? words.indexOf('--') : words.length;
const all = globSync('*.ts', { cwd: folder })
  .map(file => basename(file, '.ts'))
  .filter(name => name !== 'run')
  .sort();
const names = split === 0 ? all : words.slice(0, split);

const unknown = names.filter(name => !existsSync(join(folder, `${name}.ts`)));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are: ${all.join(', ')}`);
  process.exitCode = 2;
} else {
  for (const name of names) {
    const bench = (await import(join(folder, `${name}.ts`))) as Bench;
    await bench.default(words.slice(split + 1));
  }
}
