import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsInCode, metricsInDocs } from '../support/metric-names.ts';

const inCode = await metricsInCode();
const inDocs = metricsInDocs();

test('every metric of the program stands in docs/METRICS.md, and no other does', () => {
  const names = (rows: typeof inCode) => rows.map(row => row.name).sort();
  assert.ok(inCode.length > 20, `${inCode.length} metrics were found`);
  assert.deepEqual(names(inDocs), names(inCode));
});

test('docs/METRICS.md gives every metric the type and the labels that it has', () => {
  const text = (row: (typeof inCode)[number]) => `${row.name} ${row.kind} {${[...row.labels].sort().join(', ')}}`;
  assert.deepEqual(inDocs.map(text).sort(), inCode.map(text).sort());
});

test('names follow the conventions of Prometheus', () => {
  for (const { name, kind, labels } of inCode) {
    assert.match(name, /^(unclog|panos|junos|bmc|endace|captures)(_[a-z0-9]+)+$/);
    assert.equal(name.endsWith('_total'), kind === 'counter', `${name}: _total is for counters, and all of them`);
    assert.doesNotMatch(name, /_(ms|milliseconds|minutes|hours|kb|mb|gb|percent)(_|$)/, `${name}: base units only`);
    for (const label of labels) assert.match(label, /^[a-z][a-z0-9_]*$/, `${name}: label ${label}`);
    const reserved = labels.filter(label => ['le', 'quantile', 'instance', 'job', 'type'].includes(label));
    assert.deepEqual(reserved, [], `${name}: labels that mean something else to Prometheus or say nothing`);
  }
});
