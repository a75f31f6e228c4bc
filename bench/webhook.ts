import { performance } from 'node:perf_hooks';
import { Agent, request } from 'undici';
import { alertOf, notificationOf, prepareGround, serveThere } from '../test/support/service.ts';

const BODIES = 300;
const ALERTS = 100;
const TARGET_P99_MS = 50;

/**
 * How long the webhook takes to make 100 alerts durable and answer, over a real service process with its ledger on
 * disk. Every alert opens a case of its own. Prints the quantiles; exit code 1 when p99 is over the target.
 */
export default async function run(): Promise<void> {
  const ground = await prepareGround();
  const service = await serveThere(ground, ['--log.level', 'error']);
  const agent = new Agent({ connections: 1 });
  try {
    const times: number[] = [];
    for (let body = 0; body < BODIES; body += 1) {
      const text = JSON.stringify(notificationOf(...alertsOf(body)));
      const started = performance.now();
      const answer = await request(`${service.url}/webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text,
        dispatcher: agent,
      });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`the webhook answered ${answer.statusCode}`);
      times.push(performance.now() - started);
    }
    report(times);
  } finally {
    await agent.close();
    await service.kill('SIGTERM');
    await ground.clear();
  }
}

function alertsOf(body: number): readonly object[] {
  return Array.from({ length: ALERTS }, (_, index) =>
    alertOf(
      { device: `edge-${body}-${index}` },
      { fingerprint: (body * ALERTS + index).toString(16).padStart(16, '0') },
    ),
  );
}

function report(times: readonly number[]): void {
  const sorted = [...times].sort((one, other) => one - other);
  const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
  const p99 = quantile(0.99);
  const line = [0.5, 0.9, 0.99, 1].map(q => `p${q * 100} ${quantile(q).toFixed(1)} ms`).join(', ');
  console.log(`webhook: ${BODIES} bodies of ${ALERTS} alerts, durable: ${line} (target p99 < ${TARGET_P99_MS} ms)`);
  if (p99 >= TARGET_P99_MS) process.exitCode = 1;
}
