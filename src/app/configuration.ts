import type { Config, LoadedConfig } from '../config/config.ts';
import { exampleConfig } from '../config/example.ts';
import { loadConfig } from '../config/load.ts';
import { jsonSchema } from '../config/schema.ts';
import { drivers } from '../devices/registry.ts';

export type { Config, LoadedConfig };

/** Loads a configuration for the drivers that this program has. Throws ConfigError with every problem at once. */
export function readConfiguration(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoadedConfig> {
  return loadConfig(file, drivers, env);
}

/** The JSON Schema of the configuration, for editors. */
export function configurationSchema(): object {
  return jsonSchema(drivers);
}

/** A complete example as YAML with comments. It loads. */
export function configurationExample(): string {
  return exampleConfig(drivers);
}
