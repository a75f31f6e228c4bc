import { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { chaptersOf } from './demo/chapter.ts';
import { loops } from './demo/loops/index.ts';
import { type LoopResult, runLoop } from './demo/run-loop.ts';
import { setStage, type Stage } from './demo/stage.ts';
import { Story } from './demo/story.ts';
import { type Io, print } from './io.ts';
import { table } from './table.ts';

interface DemoOptions {
  readonly once?: true;
  readonly json?: true;
  readonly loop?: readonly string[];
  readonly 'web.listenAddress': string;
}

const PAUSE_MS = 20_000;

/** `unclog demo`: a simulated fleet with real Prometheus and Alertmanager; every loop closes before your eyes. */
export function demoCommand(io: Io): Command {
  return new Command('demo')
    .description('a simulated fleet with real Prometheus and Alertmanager: every loop closes before your eyes')
    .option('--once', 'close every loop once, print a table, and exit 0 when all closed')
    .option('--loop <name...>', `only these: ${loops.map(loop => loop.name).join(', ')}`)
    .option('--json', 'one JSON object a line')
    .option('--web.listen-address <address>', 'where the console can be seen meanwhile', '127.0.0.1:0')
    .action(async (options: DemoOptions) => demo(io, options));
}

async function demo(io: Io, options: DemoOptions): Promise<void> {
  const chosen = options.loop === undefined ? loops : loops.filter(loop => options.loop?.includes(loop.name));
  if (chosen.length === 0) {
    io.stderr.write(`unclog: no such loop; known: ${loops.map(loop => loop.name).join(', ')}\n`);
    io.exit(2);
    return;
  }
  const story = new Story(io, options.json ?? false, systemClock.now());
  story.tell(systemClock.now(), { kind: 'starting', text: 'simulated devices, unclog, Alertmanager, Prometheus' });
  const stage = await setStage(io, chosen, options['web.listenAddress']);
  try {
    tellWhereThingsAre(story, stage);
    stage.app.bus.watch(happening => chaptersOf(happening).forEach(chapter => story.tell(happening.at, chapter)));
    await firstScrape(stage, io.stopping);
    do {
      const results: LoopResult[] = [];
      for (const loop of chosen) results.push(await runLoop(stage, loop, story, io.stopping));
      tellResults(io, options, results);
      if (results.some(result => !result.closed)) io.exit(1);
      if (!options.once) await systemClock.sleep(PAUSE_MS, io.stopping);
    } while (!options.once);
  } catch (error) {
    // Being told to stop is how the endless demo ends.
    if (!io.stopping.aborted) throw error;
  } finally {
    await stage.stop();
  }
}

function tellWhereThingsAre(story: Story, stage: Stage): void {
  const now = systemClock.now();
  story.tell(now, { kind: 'console', text: `${stage.app.url}/` });
  story.tell(now, { kind: 'prometheus', text: `${stage.prometheusUrl}/alerts` });
  story.tell(now, { kind: 'alertmgr', text: `${stage.alertmanagerUrl}/` });
  story.tell(now, { kind: 'waiting', text: 'for the first scrape: Prometheus takes about 5 s after its start' });
}

/** Prometheus must have seen the devices healthy before trouble is made, or the breach would start before the story. */
async function firstScrape(stage: Stage, stopping: AbortSignal): Promise<void> {
  for (;;) {
    const query = new URL('/api/v1/query?query=sum(unclog_collector_success)', stage.prometheusUrl);
    const answer = (await (await fetch(query, { signal: stopping })).json()) as {
      data?: { result?: readonly unknown[] };
    };
    if ((answer.data?.result?.length ?? 0) > 0) return;
    await systemClock.sleep(100, stopping);
  }
}

function tellResults(io: Io, options: DemoOptions, results: readonly LoopResult[]): void {
  if (options.json) {
    for (const result of results) print(io, JSON.stringify({ kind: 'result', ...result }));
    return;
  }
  const seconds = (ms: number | undefined) => (ms === undefined ? '-' : `${(ms / 1_000).toFixed(2)} s`);
  const rows = results.map(({ loop, closed, outcome, alertMs, firstCallMs, verdictMs, endMs }) => {
    return [
      loop,
      closed ? 'closed' : 'OPEN',
      outcome,
      seconds(alertMs),
      seconds(firstCallMs),
      seconds(verdictMs),
      seconds(endMs),
    ];
  });
  print(io, `\n${table(['LOOP', 'STATE', 'OUTCOME', 'ALERT', 'FIRST CALL', 'VERIFIED', 'END'], rows)}`);
  print(io, '(times after the breach)');
}
