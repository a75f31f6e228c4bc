import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { renderDashboards } from '../../grafana/build.ts';
import { metricsIn, metricsInCode, seriesNames } from '../support/metric-names.ts';
import { panelQueries } from '../support/panel-queries.ts';
import { files, read } from '../support/repository.ts';

interface Target {
  readonly refId?: string;
  readonly expr: string;
  readonly legendFormat?: string;
}

interface Panel {
  readonly title?: string;
  readonly type: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
  readonly targets?: readonly Target[];
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly refresh: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string; query?: string }[] };
  readonly annotations: { readonly list: readonly { readonly expr?: string }[] };
}

const committed = files('grafana/dashboards/*.json');
const dashboards = committed.map(file => ({ file, board: JSON.parse(read(file)) as Dashboard }));
const panels = dashboards.flatMap(({ file, board }) =>
  board.panels.filter(panel => panel.type !== 'row').map(panel => ({ at: `${file}: ${panel.title}`, panel })),
);
const targets = panels.flatMap(({ at, panel }) => (panel.targets ?? []).map(target => ({ at, panel, target })));
/** `increase` and `rate` with what is between their brackets. */
const ranges = /\[([^\]]+)\]/g;

test('the committed dashboards are those that the code makes', () => {
  const rendered = renderDashboards();
  assert.deepEqual(
    committed.map(file => basename(file)),
    [...rendered.keys()].sort(),
  );
  for (const file of committed) {
    assert.equal(read(file), rendered.get(basename(file)), `${file} is old: npm run dashboards`);
  }
});

test('every dashboard has an id, a title and a description of its own, and cannot be edited in Grafana', () => {
  for (const key of ['uid', 'title'] as const) {
    assert.equal(new Set(dashboards.map(({ board }) => board[key])).size, dashboards.length, key);
  }
  for (const { file, board } of dashboards) {
    assert.match(board.uid, /^[a-z][a-z0-9-]{2,39}$/, file);
    assert.ok((board.description ?? '').length > 10, file);
    assert.equal(board.editable, false, file);
    assert.ok(board.tags.includes('unclog'), file);
    assert.equal(board.schemaVersion, 42, file);
    assert.match(board.refresh, /^\d+[sm]$/, file);
  }
});

test('every dashboard lets choose the Prometheus server and the device', () => {
  for (const { file, board } of dashboards) {
    const variables = board.templating.list.map(({ name, type }) => `${type} ${name}`);
    assert.ok(variables.includes('datasource datasource'), file);
    assert.ok(variables.includes('query device'), file);
  }
});

test('every panel asks the chosen server', () => {
  for (const { at, panel } of panels) {
    assert.deepEqual(panel.datasource, { type: 'prometheus', uid: '${datasource}' }, at);
  }
});

test('every panel has a title of its own, a description, a unit and a query', () => {
  for (const { file, board } of dashboards) {
    const titles = board.panels.map(panel => panel.title);
    assert.equal(new Set(titles).size, titles.length, `${file}: titles`);
  }
  for (const { at, panel } of panels) {
    assert.ok((panel.title ?? '').length > 3, at);
    assert.match(panel.description ?? '', /^.{20,}\.$/, `${at}: description`);
    assert.ok((panel.fieldConfig?.defaults?.unit ?? '') !== '', `${at}: unit`);
    assert.ok((panel.targets ?? []).length > 0, `${at}: queries`);
  }
});

test('every query names its series', () => {
  for (const { at, target } of targets) assert.ok((target.legendFormat ?? '').length > 1, `${at}: legend`);
});

test('queries that look back use the interval that fits the scrape', () => {
  for (const { at, target } of targets) {
    for (const [, range] of target.expr.matchAll(ranges)) assert.equal(range, '$__rate_interval', at);
  }
});

test('counters are shown by their change, and quantiles are made from rates', () => {
  for (const { at, target } of targets) {
    for (const counter of target.expr.match(/\b[a-z_]+_(total|bucket)\b/g) ?? []) {
      assert.match(target.expr, new RegExp(`(rate|increase)\\(${counter}\\b`), at);
    }
    if (target.expr.includes('histogram_quantile')) assert.match(target.expr, /sum by \([^)]*\ble\b[^)]*\)/, at);
  }
});

test('every series of a device is chosen by the variable', () => {
  for (const { at, target } of targets) {
    const perDevice =
      /\b(panos_|junos_|bmc_|endace_|captures_|unclog_(device|collector|cases|refusals|blocks))\w*/.test(target.expr);
    if (perDevice) assert.match(target.expr, /device=~"\$device"/, at);
  }
});

test('dashboards use only metrics that exist', async () => {
  const known = seriesNames(await metricsInCode());
  for (const { file, board } of dashboards) {
    const variables = board.templating.list.map(({ query }) => query ?? '');
    for (const expr of [...panelQueries(board).map(query => query.expr), ...variables]) {
      for (const name of metricsIn(expr)) assert.ok(known.has(name), `${file}: no metric ${name}`);
    }
  }
});

test('no variable is left over in the queries that the acceptance test asks', () => {
  for (const { file, board } of dashboards) {
    const queries = panelQueries(board);
    assert.ok(queries.length > board.panels.length, `${file}: panels and annotations`);
    for (const { panel, expr } of queries) assert.doesNotMatch(expr, /\$/, `${file}: ${panel}`);
  }
});

test('panels do not overlap and stay within the 24 columns', () => {
  for (const { file, board } of dashboards) {
    const taken = new Set<string>();
    for (const { title, gridPos } of board.panels) {
      assert.ok(gridPos && gridPos.x + gridPos.w <= 24, `${file}: ${title}`);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          assert.ok(!taken.has(`${x},${y}`), `${file}: ${title} overlaps`);
          taken.add(`${x},${y}`);
        }
      }
    }
  }
});
