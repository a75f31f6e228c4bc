import { open } from 'node:fs/promises';
import { ConfigError, messageOf } from '../core/errors.ts';
import type { AnyDriver } from '../devices/contract.ts';
import type { Config, LoadedConfig } from './config.ts';
import { type CheckedDevice, checkDevices } from './devices.ts';
import type { ConfigDocument } from './document.ts';
import { parseDocument } from './parse-document.ts';
import { isObject } from './path.ts';
import { frame } from './frame.ts';
import { Problems } from './problems.ts';
import { type Environment, readSecrets } from './read-secrets.ts';
import { redactSecrets } from './redact.ts';
import { checkRemedies } from './remedies.ts';
import { readServer } from './server.ts';

const MAX_BYTES = 1024 * 1024;

/**
 * Reads a configuration file into one complete, checked configuration, its secrets included. Throws ConfigError with
 * every problem at once, each with its line and path, what was found and what is allowed.
 */
export async function loadConfig(
  file: string,
  drivers: readonly AnyDriver[],
  environment: Environment,
): Promise<LoadedConfig> {
  const document = parseDocument(file, await readText(file));
  const problems = new Problems(document);
  const top = topOf(document);
  const framed = problems.check(frame, top, []);
  const devices = checkDevices(Array.isArray(top['devices']) ? top['devices'] : [], drivers, problems);
  const policies = checkRemedies(
    isObject(top['remedies']) ? top['remedies'] : {},
    drivers,
    new Set(devices.flatMap(({ driver }) => driver ?? [])),
    { maxActionsPerHour: framed?.guards.max_actions_per_hour ?? 1, cooldownMs: framed?.guards.cooldown ?? 0 },
    problems,
  );
  const holders = [
    { value: framed?.server, path: ['server'] },
    ...devices.map(({ entry, path }) => ({ value: entry, path })),
  ];
  const secrets = await readSecrets(holders, environment, problems);
  const server = framed && readServer(framed.server, problems);
  problems.throwIfAny();
  if (!framed || !server) throw new TypeError('a configuration that is not complete has no problem');
  const { never, max_alert_age: maxAlertAgeMs, freeze } = framed.guards;
  const config: Config = {
    store: framed.store,
    server: server.config,
    devices: devices.flatMap(({ entry }) => entry ?? []),
    policies,
    guards: { never, maxAlertAgeMs, freeze },
  };
  const warnings = [...secrets.warnings, ...server.warnings, ...idle(top, devices, policies)];
  return { config, redacted: redactSecrets(document.value, secrets.found), warnings };
}

async function readText(file: string): Promise<string> {
  const fail = (message: string) => new ConfigError([{ file, line: 1, column: 1, path: '', message }]);
  let bytes: Buffer;
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > MAX_BYTES) throw fail(`is larger than 1 MiB (${size} bytes); a configuration is far smaller`);
    bytes = await handle.readFile();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw fail(`cannot be read: ${messageOf(error)}; name the file with --config.file`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw fail('is not UTF-8 text');
    throw error;
  }
}

function topOf(document: ConfigDocument): Readonly<Record<string, unknown>> {
  if (isObject(document.value)) return document.value;
  const found = document.value === null ? 'is empty' : 'is no map';
  throw new ConfigError([document.problemAt([], `${found}; a map with devices: is expected`)]);
}

/** What is right in form and yet without effect. */
function idle(
  top: Readonly<Record<string, unknown>>,
  devices: readonly CheckedDevice[],
  policies: Config['policies'],
): readonly string[] {
  const named = isObject(top['remedies']) ? Object.keys(top['remedies']) : [];
  return [
    ...(devices.length === 0 ? ['no device is configured: nothing is watched'] : []),
    ...named.filter(name => !policies.has(name)).map(name => `remedies.${name} has no effect: no device can use it`),
  ];
}
