/** One comparison of a query: a field, how it is compared, and a value. */
import { BlockList, isIP } from 'node:net';
import { momentOf } from './state/zone.ts';

const COMPARISONS = ['eq', 'neq', 'geq', 'leq', 'gt', 'lt', 'in', 'notin'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** `time` is in ms since the epoch; devices keep receive times by the second. */
export type QueryField<Row> =
  | { readonly kind: 'text'; readonly of: (row: Row) => string }
  | { readonly kind: 'address'; readonly of: (row: Row) => string }
  | { readonly kind: 'number'; readonly of: (row: Row) => number }
  | { readonly kind: 'time'; readonly of: (row: Row) => number }
  | { readonly kind: 'sequence'; readonly of: (row: Row) => bigint };

export interface Condition<Row> {
  readonly comparison: Comparison;
  /** The value compared with, where the field is ordered. */
  readonly bound: number | bigint | undefined;
  readonly matches: (row: Row) => boolean;
}

/** Throws a RangeError with the device's text when the comparison makes no sense. */
export function readCondition<Row>(
  field: QueryField<Row>,
  word: string,
  value: string,
  timeZone: string,
): Condition<Row> {
  const comparison = COMPARISONS.find(known => known === word);
  if (!comparison) throw new RangeError('Invalid filter');
  if (field.kind === 'text') return textCondition(field.of, comparison, value);
  if (field.kind === 'address') return addressCondition(field.of, comparison, value);
  const holds = ordered(comparison);
  if (field.kind === 'sequence') {
    if (!/^\d{1,20}$/.test(value)) throw new RangeError('Invalid filter');
    const bound = BigInt(value);
    return { comparison, bound, matches: row => holds(field.of(row), bound) };
  }
  const bound =
    field.kind === 'time' ? momentOf(value, timeZone) : /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  if (bound === undefined) throw new RangeError('Invalid filter');
  return { comparison, bound, matches: row => holds(field.of(row), bound) };
}

type Holds = <T extends number | bigint>(left: T, right: T) => boolean;

function ordered(comparison: Comparison): Holds {
  switch (comparison) {
    case 'eq':
      return (left, right) => left === right;
    case 'neq':
      return (left, right) => left !== right;
    case 'geq':
      return (left, right) => left >= right;
    case 'leq':
      return (left, right) => left <= right;
    case 'gt':
      return (left, right) => left > right;
    case 'lt':
      return (left, right) => left < right;
    default:
      throw new RangeError('Invalid filter');
  }
}

function textCondition<Row>(of: (row: Row) => string, comparison: Comparison, value: string): Condition<Row> {
  if (comparison !== 'eq' && comparison !== 'neq') throw new RangeError('Invalid filter');
  const wanted = comparison === 'eq';
  return { comparison, bound: undefined, matches: row => (of(row) === value) === wanted };
}

function addressCondition<Row>(of: (row: Row) => string, comparison: Comparison, value: string): Condition<Row> {
  const [address = '', prefix, ...rest] = value.split('/');
  // Recorded with both blanks. A host name is no address object.
  if (isIP(address) === 0 || rest.length > 0) {
    throw new RangeError(`addr ${value} doesn't exist  or doesn't contain any member`);
  }
  const wanted = comparison === 'eq' || comparison === 'in';
  if (!wanted && comparison !== 'neq' && comparison !== 'notin') throw new RangeError('Invalid filter');
  const list = new BlockList();
  list.addSubnet(address, Number(prefix ?? (isIP(address) === 6 ? 128 : 32)), family(address));
  const known = new Map<string, boolean>();
  return {
    comparison,
    bound: undefined,
    matches: row => {
      const candidate = of(row);
      const inside = known.get(candidate) ?? list.check(candidate, family(candidate));
      known.set(candidate, inside);
      return inside === wanted;
    },
  };
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
