import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { Happening } from '../../../src/core/bus.ts';
import { foldEvent } from '../../../src/core/case-fold.ts';
import { sample } from '../../../src/core/sample.ts';
import { RUNNER_METRICS } from '../../../src/observe/runner-metrics.ts';
import { ServiceMetrics } from '../../../src/observe/service-metrics.ts';
import { watchHappenings } from '../../../src/observe/watch-happenings.ts';
import { alert, discarded, effective, holding, refused, type Story } from '../../support/cases.ts';
import { collector, device, heat, lines, observer, text } from '../../support/observed.ts';

const build = { version: '0.1.0', revision: 'abc' };
const own = async (metrics: ServiceMetrics) =>
  (await lines(await metrics.families())).filter(line => line.startsWith('unclog_'));

function tell(watch: (happening: Happening) => void, story: Story): void {
  let subject;
  for (const { at, event } of story.events) {
    subject = foldEvent(subject, story.case.id, event, at);
    watch({ kind: 'case', at, case: subject, event });
  }
}

test('a new service tells its build and that its configuration is loaded', async () => {
  assert.deepEqual(await own(new ServiceMetrics(build, 1_700_000_000_000)), [
    'unclog_alerts_received_total{status="firing"} 0',
    'unclog_alerts_received_total{status="resolved"} 0',
    'unclog_webhook_truncated_alerts_total 0',
    'unclog_config_last_reload_successful 1',
    'unclog_config_last_reload_success_timestamp_seconds 1700000000',
    `unclog_build_info{version="0.1.0",revision="abc",node_version="${process.version}"} 1`,
  ]);
});

test('a case that ends well is counted by outcome and timed from the start of its alert', async () => {
  const metrics = new ServiceMetrics(build, 0);
  tell(watchHappenings(metrics), discarded('a'));
  const page = await own(metrics);
  const labels = 'device="fw-edge",remedy="panos/discard-sessions"';
  assert.ok(page.includes(`unclog_cases_total{${labels},outcome="effective"} 1`));
  assert.ok(page.includes('unclog_remediation_seconds_sum{remedy="panos/discard-sessions"} 7'));
  assert.ok(page.includes('unclog_remediation_seconds_bucket{le="10",remedy="panos/discard-sessions"} 1'));
});

test('a refusal is counted with its reason', async () => {
  const metrics = new ServiceMetrics(build, 0);
  tell(watchHappenings(metrics), refused('a', 'cooldown', 'acted 2 m ago'));
  const page = await own(metrics);
  const labels = 'device="fw-edge",remedy="panos/discard-sessions"';
  assert.ok(page.includes(`unclog_refusals_total{${labels},reason="cooldown"} 1`));
  assert.ok(page.includes(`unclog_cases_total{${labels},outcome="refused"} 1`));
});

test('blocks are a gauge from holding to released, also those that stood when the service began', async () => {
  const metrics = new ServiceMetrics(build, 0);
  const dueAt = alert.startsAt + 900_000;
  const old = holding('old', '10.0.0.1', dueAt - 60_000);
  const watch = watchHappenings(metrics, [old.case]);
  tell(watch, holding('new', '10.0.0.2', dueAt));
  const labels = 'device="fw-edge",remedy="panos/block-quota"';
  assert.ok((await own(metrics)).includes(`unclog_blocks_active{${labels}} 2`));
  const soonest = (ms: number) => `unclog_blocks_soonest_end_timestamp_seconds{${labels}} ${ms / 1_000}`;
  assert.ok((await own(metrics)).includes(soonest(dueAt - 60_000)));

  for (const [id, at] of [
    ['old', dueAt - 57_000],
    ['new', dueAt + 250],
  ] as const) {
    const { case: held } = holding(id, '10.0.0.1', id === 'old' ? dueAt - 60_000 : dueAt);
    const releasing = { type: 'releasing', cause: 'due', by: 'timer' } as const;
    const released = { type: 'released', verdict: effective } as const;
    const first = foldEvent(held, id, releasing, at);
    watch({ kind: 'case', at, case: first, event: releasing });
    watch({ kind: 'case', at, case: foldEvent(first, id, released, at), event: released });
  }
  const page = await own(metrics);
  assert.ok(page.includes(`unclog_blocks_active{${labels}} 0`));
  assert.ok(!page.some(line => line.startsWith('unclog_blocks_soonest_end')));
  assert.ok(page.includes('unclog_release_delay_seconds_sum{remedy="panos/block-quota"} 3.25'));
  assert.ok(page.includes('unclog_release_delay_seconds_count{remedy="panos/block-quota"} 2'));
});

test('alerts are counted by status and by fate, and a failed reload shows', async () => {
  const metrics = new ServiceMetrics(build, 1_000);
  const watch = watchHappenings(metrics);
  watch({ kind: 'alert', at: 0, alert, fate: 'opened' });
  watch({ kind: 'alert', at: 0, alert: { ...alert, status: 'resolved' }, fate: 'resolved' });
  watch({ kind: 'reload', at: 5_000, successful: false, detail: 'unclog.yml:3:1: …' });
  const page = await own(metrics);
  for (const line of [
    'unclog_alerts_received_total{status="firing"} 1',
    'unclog_alerts_received_total{status="resolved"} 1',
    'unclog_alert_fates_total{fate="opened"} 1',
    'unclog_config_last_reload_successful 0',
    'unclog_config_last_reload_success_timestamp_seconds 1',
  ]) {
    assert.ok(page.includes(line), line);
  }
});

async function fullPage(format: 'text' | 'openmetrics'): Promise<string> {
  const metrics = new ServiceMetrics(build, 0);
  const watch = watchHappenings(metrics);
  tell(watch, discarded('a'));
  tell(watch, holding('b', '10.0.0.2', alert.startsAt + 900_000));
  tell(watch, refused('c', 'cooldown', 'acted 2 m ago'));
  watch({ kind: 'alert', at: 0, alert, fate: 'opened' });
  metrics.seriesDropped('fw', 'toy_bytes', 3);
  metrics.samplesRejected('fw', 'toy', 'labels', 3);
  metrics.webhookRequests.inc({ code: '200' });
  metrics.alertsUnusable.inc({ reason: 'labels' });
  const reads = collector('heat', async () => [sample(heat, { part: 'a "b"\n' }, 1)], { metrics: [heat] });
  const { observer: eyes } = observer([device('fw', reads)]);
  return text([...(await metrics.families()), ...(await eyes.observe({ deadlineMs: 1_000 }))], format);
}

test('promtool finds nothing to say about the page', async context => {
  const page = await fullPage('text');
  const run = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
  if (run.error) return context.skip('promtool is not on the PATH');
  assert.equal(run.stdout + run.stderr, '');
  assert.equal(run.status, 0);
});

test('both formats hold the same samples, and no family comes twice', async () => {
  const samples = (page: string) =>
    page
      .split('\n')
      .filter(
        line => line !== '' && !line.startsWith('#') && !/^(process|nodejs|unclog_collector_duration)_/.test(line),
      )
      .map(line => line.replace(/ \S+$/, ''));
  const [plain, open] = [await fullPage('text'), await fullPage('openmetrics')];
  assert.deepEqual(samples(plain), samples(open));
  const types = plain.match(/^# TYPE \S+/gm) ?? [];
  assert.equal(new Set(types).size, types.length);
  assert.ok(open.endsWith('# EOF\n'));
});

test('every metric of the service stands in docs/METRICS.md', async () => {
  const documented = readFileSync(resolve(import.meta.dirname, '../../../docs/METRICS.md'), 'utf8');
  const page = await fullPage('text');
  const names = [...page.matchAll(/^# TYPE (unclog_\S+)/gm)].map(match => match[1] as string);
  for (const name of new Set([...names, ...RUNNER_METRICS.map(metric => metric.name)])) {
    assert.ok(documented.includes(`\`${name}\``), name);
  }
});
