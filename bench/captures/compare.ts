import type { Generated } from './generate.ts';
import { measure, median, type CommandLine, type Run } from './measure.ts';
import type { Row } from './report.ts';

/** A command to measure on a capture. */
export interface Contender {
  readonly name: string;
  readonly command: CommandLine;
}

/**
 * Runs all commands in turn, round after round, after one round that is not counted (it warms the page cache), and
 * compares each with `cat` of the same round: on a busy machine only that ratio means anything.
 */
export function compare(capture: Generated, contenders: readonly Contender[], rounds: number): Row[] {
  const cat: Contender = { name: 'cat >/dev/null', command: ['cat', capture.path] };
  const all = [cat, ...contenders];
  const runs = new Map<string, Run[]>(all.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, command } of all) {
      if (round === -1 && rounds === 1 && name !== cat.name) continue;
      const run = measure(command);
      if (round >= 0) runs.get(name)?.push(run);
    }
  }
  const catSeconds = runs.get(cat.name)?.map(run => run.seconds) ?? [];
  return all.map(({ name }) => {
    const own = runs.get(name) ?? [];
    const peaks = own.flatMap(run => run.peakBytes ?? []);
    return {
      name,
      seconds: median(own.map(run => run.seconds)),
      bytes: capture.bytes,
      packets: capture.packets,
      peakBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
      cpuSeconds: median(own.map(run => run.cpuSeconds ?? NaN)),
      ofCat: median(own.map((run, round) => (catSeconds[round] ?? NaN) / run.seconds)),
    };
  });
}
