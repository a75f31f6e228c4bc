import { stringify } from 'yaml';
import type { AnyDriver, Remedy, Session } from '../devices/contract.ts';
import type { SchemaNode } from './known-keys.ts';
import { jsonSchema, remediesOf, remedySchema } from './schema.ts';

/** Examples of keys whose default says nothing. */
const FREEZE = [{ days: ['sat', 'sun'], from: '22:00', to: '02:00', timezone: 'Europe/Berlin' }];
const NEVER = ['192.0.2.1', '10.0.0.0/24', 'corp\\svc-backup'];

/**
 * A complete configuration with comments, which loads as it is once the secret files that it names exist. Devices come
 * from the drivers' schemas (`.meta({ example: { … } })`); a driver without one is left out.
 */
export function exampleConfig(drivers: readonly AnyDriver[]): string {
  const { store, server, devices, remedies, guards } = jsonSchema(drivers).properties ?? {};
  return [
    '# Configuration of unclog. Lines that begin with # are optional; they show the defaults, or examples.',
    '# Durations: 30s, 15m, 1h30m. Sizes: 500KB, 20MB, 1GiB. Secrets: in files, or from the environment as ${NAME}.',
    '',
    keyLine('store', store),
    '',
    ...heading(server),
    '#server:',
    ...Object.entries(server?.properties ?? {}).map(([key, node]) => `#${keyLine(key, node, tokenFile(key), '  ')}`),
    '',
    ...heading(devices),
    ...deviceBlock(drivers),
    '',
    ...heading(remedies),
    ...remedyBlock(remediesOf(drivers)),
    '',
    ...heading(guards),
    'guards:',
    ...Object.entries(guards?.properties ?? {}).map(([key, node]) =>
      keyLine(key, node, GUARDS[key], key in GUARDS ? '  # ' : '  '),
    ),
    '',
  ].join('\n');
}

const GUARDS: Readonly<Record<string, unknown>> = { never: NEVER, freeze: FREEZE };

function deviceBlock(drivers: readonly AnyDriver[]): readonly string[] {
  const examples = drivers.flatMap(driver => driver.config.meta()?.['example'] ?? []);
  if (examples.length === 0) return ['devices: []'];
  return ['devices:', ...examples.map(example => indented(stringify([example], { lineWidth: 0 }).trimEnd()))];
}

function remedyBlock(remedies: readonly Remedy<Session>[]): readonly string[] {
  if (remedies.length === 0) return ['remedies: {}'];
  return ['remedies:', ...remedies.flatMap(remedyLines)];
}

function remedyLines(remedy: Remedy<Session>): readonly string[] {
  const { mode, ...rest } = remedySchema(remedy).properties ?? {};
  const withDefault = Object.entries(rest).filter(([, node]) => node.default !== undefined);
  return [
    `  ${remedy.name}: # ${remedy.summary}`,
    keyLine('mode', mode, undefined, '    '),
    ...withDefault.map(([key, node]) => keyLine(key, node, undefined, '    # ')),
  ];
}

/** `  cooldown: 5m # Pause per device …`. */
function keyLine(key: string, node: SchemaNode | undefined, value: unknown = node?.default, before = ''): string {
  const shown = stringify(value, {
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    lineWidth: 0,
    schema: 'yaml-1.1',
  }).trimEnd();
  const words = [node?.enum?.join(' | '), node?.description].filter(text => text !== undefined);
  return `${before}${key}: ${shown}${words.length > 0 ? ` # ${words.join(': ')}` : ''}`;
}

function heading(node: SchemaNode | undefined): readonly string[] {
  return node?.description === undefined ? [] : [`# ${node.description}`];
}

/** `secrets/scrape-token`. */
function tokenFile(key: string): string {
  return `secrets/${key.replace(/_file$/, '').replaceAll('_', '-')}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
