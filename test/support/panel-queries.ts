/** One query of a dashboard, with Grafana's variables filled in, ready for Prometheus. */
export interface PanelQuery {
  readonly panel: string;
  readonly expr: string;
  /** What the panel shows may not have happened yet: its description begins with "Empty until". */
  readonly mayBeEmpty: boolean;
}

interface Dashboard {
  readonly panels?: readonly Panel[];
  readonly annotations?: { readonly list?: readonly { readonly name: string; readonly expr?: string }[] };
}

interface Panel {
  readonly title?: string;
  readonly description?: string;
  readonly targets?: readonly { readonly expr?: string }[];
  readonly panels?: readonly Panel[];
}

const variables: Readonly<Record<string, string>> = {
  $device: '.+',
  $__rate_interval: '1m',
  $__interval: '1m',
};

/** Every query that the dashboard sends: of its panels, those in rows, and its annotations. */
export function panelQueries(dashboard: unknown): readonly PanelQuery[] {
  const { panels = [], annotations } = dashboard as Dashboard;
  const marks = (annotations?.list ?? []).map(({ name, expr }) => ({ title: name, targets: expr ? [{ expr }] : [] }));
  return [...panels.flatMap(flatten), ...marks].flatMap(queriesOf);
}

function flatten(panel: Panel): readonly Panel[] {
  return [panel, ...(panel.panels ?? [])];
}

function queriesOf({ title = '', description = '', targets = [] }: Panel): readonly PanelQuery[] {
  return targets.flatMap(({ expr }) =>
    expr === undefined ? [] : [{ panel: title, expr: fill(expr), mayBeEmpty: description.startsWith('Empty until') }],
  );
}

/** A variable that is not known stays as it is: Prometheus refuses the `$`, and the test shows it. */
function fill(expr: string): string {
  return expr.replace(
    /\$(\w+)|\$\{(\w+)(?::\w+)?\}/g,
    (found, bare: string | undefined, braced: string | undefined) => {
      return variables[`$${bare ?? braced}`] ?? found;
    },
  );
}
