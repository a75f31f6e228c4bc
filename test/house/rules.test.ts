import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { program } from '../../src/cli/programs/program.ts';
import { drivers } from '../../src/devices/registry.ts';
import { metricsIn, metricsInCode, seriesNames } from '../support/metric-names.ts';
import { files, read, readYaml, root } from '../support/repository.ts';

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const ruleFiles = files('prometheus/rules/*.yml');
const testFiles = files('prometheus/tests/*.yml');
const rules = ruleFiles.flatMap(file =>
  (readYaml(file) as { groups: { rules: Rule[] }[] }).groups.flatMap(group => group.rules),
);
const alerts = rules.filter(rule => rule.alert !== undefined);
const promtool = await program('promtool');
const scratch = mkdtempSync(join(tmpdir(), 'unclog-rules-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

function promtoolSays(...args: readonly string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: root, encoding: 'utf8' });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

test('promtool accepts every rule file, and its tests pass', () => {
  assert.ok(ruleFiles.length > 0);
  const checked = promtoolSays('check', 'rules', ...ruleFiles);
  assert.ok(checked.ok, checked.output);
  const tested = promtoolSays('test', 'rules', ...testFiles);
  assert.ok(tested.ok, tested.output);
});

test('promtool accepts the example rules, their tests pass, and the documentation shows them as they are', async () => {
  const examples = files('prometheus/examples/*.yml').filter(file => !file.endsWith('.test.yml'));
  assert.ok(examples.length > 0);
  const known = new Set([...seriesNames(await metricsInCode()), 'up']);
  const docs = read('docs/devices/bmc.md').replaceAll(/\s+/g, ' ');
  for (const file of examples) {
    const tested = promtoolSays('test', 'rules', file.replace(/\.yml$/, '.test.yml'));
    assert.ok(tested.ok, tested.output);
    const { groups } = readYaml(file) as { groups: { rules: Rule[] }[] };
    for (const { expr } of groups.flatMap(group => group.rules)) {
      for (const name of metricsIn(expr)) assert.ok(known.has(name), `${file}: no metric ${name}`);
      assert.ok(docs.includes(expr.trim()), `${file}: docs/devices/bmc.md shows another expression`);
    }
  }
});

test('promtool accepts the shipped prometheus.yml', () => {
  cpSync(join(root, 'prometheus/rules'), join(scratch, 'rules'), { recursive: true });
  mkdirSync(join(scratch, 'secrets'));
  writeFileSync(join(scratch, 'secrets/unclog_scrape_token'), 'token');
  // promtool wants to see the token, which stands where a container has its secrets.
  const text = read('prometheus/prometheus.yml').replaceAll('/run/secrets', join(scratch, 'secrets'));
  writeFileSync(join(scratch, 'prometheus.yml'), text);
  const checked = promtoolSays('check', 'config', join(scratch, 'prometheus.yml'));
  assert.ok(checked.ok, checked.output);
  assert.doesNotMatch(checked.output, /no valid rule files/i);
  // The jobs in comments must work as well when the comment signs are taken away.
  const other = text.replace(/^ {2}# (?=[- ] )/gm, '  ').replace(/job_name: unclog$/m, 'job_name: unclog-all');
  assert.match(other, /^ {2}- job_name: unclog-devices/m);
  writeFileSync(join(scratch, 'other.yml'), other);
  const otherChecked = promtoolSays('check', 'config', join(scratch, 'other.yml'));
  assert.ok(otherChecked.ok, otherChecked.output);
});

test('every rule file has a test file of the same name, and every alert is tested', () => {
  assert.deepEqual(
    testFiles.map(file => basename(file)),
    ruleFiles.map(file => basename(file)),
  );
  const tested = testFiles.map(read).join('\n');
  for (const { alert } of alerts) assert.match(tested, new RegExp(`alertname: ${alert}\\b`));
});

test('every alert waits, has a severity, and says what happened and what to do', () => {
  for (const { alert, for: wait, labels, annotations } of alerts) {
    assert.match(alert ?? '', /^(Unclog|Panos|Junos|Bmc|Endace|Captures)[A-Z]\w+$/);
    assert.match(wait ?? '', /^[1-9]\d*[smh]$/, `${alert}: for`);
    assert.match(labels?.['severity'] ?? '', /^(critical|warning|info)$/, `${alert}: severity`);
    assert.ok((annotations?.['summary'] ?? '').length > 10, `${alert}: summary`);
    assert.ok((annotations?.['description'] ?? '').length > 40, `${alert}: description`);
    for (const value of Object.values(labels ?? {})) {
      assert.doesNotMatch(value, /\$value|\{\{/, `${alert}: a label that changes makes a new alert every time`);
    }
  }
});

test('every alert has its runbook, and every runbook its alert', () => {
  const runbooks = files('docs/runbooks/*.md');
  const names = new Set(alerts.map(({ alert }) => `docs/runbooks/${alert}.md`));
  assert.deepEqual(runbooks, [...names].sort());
  for (const { alert, annotations } of alerts) {
    assert.equal(annotations?.['runbook_url'], `docs/runbooks/${alert}.md`);
    assert.match(read(`docs/runbooks/${alert}.md`), new RegExp(`^# ${alert}\n`));
  }
});

test('rules use only metrics that exist', async () => {
  const known = seriesNames(await metricsInCode());
  for (const { alert, expr } of rules) {
    for (const name of metricsIn(expr)) assert.ok(known.has(name), `${alert}: no metric ${name}`);
  }
});

test('an alert names a remedy that exists, or cannot carry the label at all', () => {
  const remedies = new Set(drivers.flatMap(driver => driver.remedies).map(remedy => remedy.name));
  for (const { alert, expr, labels } of alerts) {
    const remedy = labels?.['remedy'];
    if (remedy !== undefined) {
      assert.ok(remedies.has(remedy), `${alert}: no remedy ${remedy}`);
      assert.match(expr, /\bby \([^)]*\bdevice\b/, `${alert}: unclog needs the label device, and one alert a target`);
      continue;
    }
    // Metrics about remedies have this label; Alertmanager would send the alert to unclog as an order.
    const carries = /unclog_(cases|refusals|blocks|remediation|release)/.test(expr);
    if (carries)
      assert.match(expr, /^(sum|max|min|count) by \((?![^)]*(?<!about_)\bremedy\b)/, `${alert}: sheds remedy`);
  }
});
