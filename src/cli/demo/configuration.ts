import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { DemoLoop } from './loop.ts';

const SHIPPED = join(import.meta.dirname, '../../..');

const RULES = join(SHIPPED, 'prometheus/rules');

/** What Prometheus knows beside unclog. */
export interface Surroundings {
  /** Files with rules beside the shipped ones. */
  readonly rules?: readonly string[];
  /** Addresses that the job `hosts` scrapes, by the name in their label `device`. */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** How often the demo's Prometheus scrapes and evaluates, and its Alertmanager looks. Seconds would hide how fast it is. */
const INTERVAL = '500ms';

/** Adds the loops' remedies and a short ledger path to the unclog.yml that the simulated fleet wrote. */
export async function completeServiceConfig(file: string, folder: string, loops: readonly DemoLoop[]): Promise<void> {
  const written = parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const remedies = Object.fromEntries(loops.map(loop => [loop.remedy, loop.policy(folder)]));
  await writeFile(file, stringify({ store: `sqlite:${join(folder, 'unclog.db')}`, ...written, remedies }), {
    mode: 0o600,
  });
}

/** The shipped Alertmanager configuration with the demo's address and pace. Gives the file. */
export async function writeAlertmanagerConfig(folder: string, serviceUrl: string): Promise<string> {
  const shipped = await readYaml(join(SHIPPED, 'alertmanager/alertmanager.yml'));
  const route = paced(shipped['route'] as Route);
  const receivers = (shipped['receivers'] as readonly Receiver[]).map(receiver => ({
    ...receiver,
    ...(receiver.webhook_configs && {
      webhook_configs: receiver.webhook_configs.map(hook => pointed(hook, serviceUrl)),
    }),
  }));
  return writeYaml(join(folder, 'alertmanager.yml'), { ...shipped, route, receivers });
}

/** The shipped rules at the demo's pace, and a Prometheus that scrapes this service. Gives the configuration file. */
export async function writePrometheusConfig(
  folder: string,
  serviceUrl: string,
  alertmanagerUrl: string,
  { rules = [], hosts = {} }: Surroundings = {},
): Promise<string> {
  const shipped = (await readdir(RULES)).filter(file => file.endsWith('.yml')).map(file => join(RULES, file));
  for (const file of [...shipped, ...rules]) {
    const { groups } = (await readYaml(file)) as { groups: readonly RuleGroup[] };
    await writeYaml(join(folder, `rules-${basename(file)}`), { groups: groups.map(hurried) });
  }
  const watched = Object.entries(hosts).map(([device, address]) => ({ targets: [address], labels: { device } }));
  return writeYaml(join(folder, 'prometheus.yml'), {
    global: { scrape_interval: INTERVAL, evaluation_interval: INTERVAL, scrape_timeout: INTERVAL },
    rule_files: [join(folder, 'rules-*.yml')],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanagerUrl).host] }] }] },
    scrape_configs: [
      { job_name: 'unclog', static_configs: [{ targets: [new URL(serviceUrl).host] }] },
      { job_name: 'hosts', static_configs: watched },
    ],
  });
}

interface Route {
  readonly routes?: readonly Route[];
}

interface Receiver {
  readonly webhook_configs?: readonly Readonly<Record<string, unknown>>[];
}

interface RuleGroup {
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

function paced(route: Route): Route {
  const pace = { group_wait: '0s', group_interval: INTERVAL, repeat_interval: '1h' };
  return { ...route, ...pace, ...(route.routes && { routes: route.routes.map(paced) }) };
}

/** The demo's service listens on loopback and asks for no token. */
function pointed(hook: Readonly<Record<string, unknown>>, serviceUrl: string): Readonly<Record<string, unknown>> {
  const { follow_redirects } = (hook['http_config'] ?? {}) as { follow_redirects?: boolean };
  return { ...hook, url: `${serviceUrl}/webhook`, http_config: { follow_redirects: follow_redirects ?? false } };
}

function hurried(group: RuleGroup): object {
  const rules = group.rules.map(({ keep_firing_for: _, ...rule }) => ({
    ...rule,
    expr: shortSighted(String(rule['expr'])),
    ...('alert' in rule && { for: '0s' }),
  }));
  return { ...group, interval: INTERVAL, rules };
}

/** Rules that look back for a while look back some seconds, so that their alerts end before the loops begin again. */
function shortSighted(expr: string): string {
  return expr.replaceAll('[2m]', '[2s]').replaceAll('[1h:]', '[10s:]').replaceAll('offset 1h', 'offset 10s');
}

async function readYaml(file: string): Promise<Record<string, unknown>> {
  return parse(await readFile(file, 'utf8')) as Record<string, unknown>;
}

async function writeYaml(file: string, content: object): Promise<string> {
  await writeFile(file, stringify(content));
  return file;
}
