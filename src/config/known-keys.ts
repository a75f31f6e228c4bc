import { z } from 'zod';
import type { Path } from './path.ts';

/** A JSON Schema, as far as it is walked here. */
export interface SchemaNode {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  /** A device entry, from the driver's schema. */
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | boolean;
  readonly prefixItems?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
}

/** What a schema takes, before defaults and conversions, as JSON Schema. */
export function inputSchema(schema: z.ZodType): SchemaNode {
  const { $schema: _, ...node } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  return node as SchemaNode;
}

/** The keys that a map at `path` of a schema may have. */
export function knownKeys(schema: z.ZodType, path: Path): readonly string[] {
  const nodes = path.reduce<readonly SchemaNode[]>(
    (found, step) => found.flatMap(node => below(node, step)),
    variants(inputSchema(schema)),
  );
  return [...new Set(nodes.flatMap(node => Object.keys(node.properties ?? {})))];
}

function below(node: SchemaNode, step: string | number): readonly SchemaNode[] {
  const inner =
    typeof step === 'number'
      ? (node.prefixItems?.[step] ?? node.items)
      : (node.properties?.[step] ?? node.additionalProperties);
  return typeof inner === 'object' ? variants(inner) : [];
}

/** The node itself and everything that it may be instead. */
function variants(node: SchemaNode): readonly SchemaNode[] {
  const others = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return [node, ...others.flatMap(variants)];
}
