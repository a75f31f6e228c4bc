import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  VizLegendOptionsBuilder,
  LegendDisplayMode,
  LegendPlacement,
  VizTooltipOptionsBuilder,
  TooltipDisplayMode,
  SortOrder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The parts that all dashboards are made of, so that they look and behave alike. */

const source = { type: 'prometheus', uid: '${datasource}' };

/** What every panel says of itself. `unit` is Grafana's name of it, as `percentunit`. */
export interface PanelText {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
}

/** One query of a panel, and how its series are named. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** An empty dashboard with the variables `datasource` and `device`, and the remedies marked in time. */
export function dashboard(uid: string, title: string, description: string): DashboardBuilder {
  return new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['unclog'])
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .timezone('browser')
    .readonly()
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .annotation(remediesTaken());
}

/** The variable `device`: the devices that have this metric. */
export function deviceVariable(metric: string): QueryVariableBuilder {
  return new QueryVariableBuilder('device')
    .label('Device')
    .datasource(source)
    .query(`label_values(${metric}, device)`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+');
}

/** Lines over time, half the width of the dashboard. */
export function lines(text: PanelText, ...queries: readonly Query[]): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(source)
    .span(12)
    .height(8)
    .fillOpacity(8)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  return queries.reduce((built, query) => built.withTarget(target(query).range()), panel);
}

/** One number for now, a quarter of the width. */
export function figure(text: PanelText, query: Query): StatBuilder {
  return new StatBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(source)
    .span(6)
    .height(4)
    .withTarget(target(query).instant());
}

/** Draws a ratio from 0 to 1 with a line where the alert fires. */
export function withThreshold(panel: TimeseriesBuilder, ratio: number): TimeseriesBuilder {
  return panel
    .min(0)
    .max(1)
    .thresholds(steps(ratio))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

/** Green below `from`, red from it on. */
export function steps(from: number): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: 'green' },
    { value: from, color: 'red' },
  ]);
}

/** Cases that came to an end. One that is the first of its kind has no increase yet: `unless … offset` sees it. */
function remediesTaken(): AnnotationQueryBuilder {
  const cases = 'unclog_cases_total{device=~"$device"}';
  const sum = (expr: string) => `sum by (device, remedy, outcome) (${expr})`;
  return new AnnotationQueryBuilder()
    .name('Remedies')
    .datasource(source)
    .enable(true)
    .iconColor('purple')
    .expr(sum(`increase(${cases}[$__interval]) > 0 or (${cases} unless ${cases} offset $__interval)`))
    .step('30s')
    .titleFormat('{{remedy}} on {{device}}')
    .textFormat('{{outcome}}')
    .tagKeys('device,remedy,outcome');
}

function target(query: Query): DataqueryBuilder {
  return new DataqueryBuilder().datasource(source).expr(query.expr).legendFormat(query.legend);
}
