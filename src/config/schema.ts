import type { AnyDriver, Remedy, Session } from '../devices/contract.ts';
import { frame } from './frame.ts';
import { inputSchema, type SchemaNode } from './known-keys.ts';
import { policyKeysOf } from './remedies.ts';

/** The JSON Schema (draft 2020-12) of a configuration file with these drivers: editors check and complete by it. */
export function jsonSchema(drivers: readonly AnyDriver[]): SchemaNode {
  const top = inputSchema(frame);
  const { devices, remedies } = top.properties ?? {};
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'unclog configuration',
    ...top,
    properties: {
      ...top.properties,
      devices: { ...devices, items: { oneOf: drivers.map(deviceSchema) } },
      remedies: {
        ...remedies,
        properties: Object.fromEntries(remediesOf(drivers).map(remedy => [remedy.name, remedySchema(remedy)])),
        additionalProperties: false,
      },
    },
  } as SchemaNode;
}

/** The keys of one remedy: the common ones and its own options. */
export function remedySchema(remedy: Remedy<Session>): SchemaNode {
  const common = inputSchema(policyKeysOf(remedy));
  const own = inputSchema(remedy.options);
  return { ...own, description: remedy.summary, properties: { ...common.properties, ...own.properties } };
}

/** Every remedy once, although drivers of one vendor may share theirs. */
export function remediesOf(drivers: readonly AnyDriver[]): readonly Remedy<Session>[] {
  return [...new Map(drivers.flatMap(driver => driver.remedies.map(remedy => [remedy.name, remedy]))).values()];
}

function deviceSchema(driver: AnyDriver): SchemaNode {
  const { example, ...node } = inputSchema(driver.config);
  const properties = { ...node.properties, driver: { const: driver.name } };
  return { ...node, title: driver.name, properties, ...(example === undefined ? {} : { examples: [example] }) };
}
