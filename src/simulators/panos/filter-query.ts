/** The query language of logs and reports: `(addr.src in 10.0.0.0/8) and (receive_time geq '2026/03/10 21:43:27')`. */
import { type Comparison, type Condition, type QueryField, readCondition } from './filter-condition.ts';

export interface FilterQuery<Row> {
  readonly matches: (row: Row) => boolean;
  /** No row before this can match: its sequence number, and its receive time in ms since the epoch. */
  readonly from: { readonly seqno: bigint; readonly time: number };
}

/** What a query may name, and how it is compared. */
export type QueryFields<Row> = Readonly<Record<string, QueryField<Row>>>;

const EVERYWHERE = { seqno: 0n, time: 0 };

/** What a device says about a query that is none. */
export interface BadQuery {
  readonly error: string;
}

/** Reads a query; an empty one matches all. Times in it are the firewall's own. */
export function parseQuery<Row>(text: string, fields: QueryFields<Row>, timeZone: string): FilterQuery<Row> | BadQuery {
  try {
    return read(text, fields, timeZone);
  } catch (error) {
    if (error instanceof RangeError) return { error: error.message };
    throw error;
  }
}

function read<Row>(text: string, fields: QueryFields<Row>, timeZone: string): FilterQuery<Row> {
  const tokens = text.match(/'[^']*'|"[^"]*"|[()!]|[^\s()'"!]+/g) ?? [];
  if (tokens.length === 0) return { matches: () => true, from: EVERYWHERE };
  return new Reader(tokens, fields, timeZone).whole();
}

class Reader<Row> {
  readonly #tokens: readonly string[];
  readonly #fields: QueryFields<Row>;
  readonly #timeZone: string;
  #position = 0;

  constructor(tokens: readonly string[], fields: QueryFields<Row>, timeZone: string) {
    this.#tokens = tokens;
    this.#fields = fields;
    this.#timeZone = timeZone;
  }

  whole(): FilterQuery<Row> {
    const query = this.#either();
    if (this.#position < this.#tokens.length) throw syntaxError();
    return query;
  }

  #either(): FilterQuery<Row> {
    const left = this.#both();
    if (!this.#take('or')) return left;
    const right = this.#either();
    const from = {
      seqno: left.from.seqno < right.from.seqno ? left.from.seqno : right.from.seqno,
      time: Math.min(left.from.time, right.from.time),
    };
    return { matches: row => left.matches(row) || right.matches(row), from };
  }

  #both(): FilterQuery<Row> {
    const left = this.#single();
    if (!this.#take('and')) return left;
    const right = this.#both();
    const from = {
      seqno: left.from.seqno > right.from.seqno ? left.from.seqno : right.from.seqno,
      time: Math.max(left.from.time, right.from.time),
    };
    return { matches: row => left.matches(row) && right.matches(row), from };
  }

  #single(): FilterQuery<Row> {
    if (this.#take('!')) {
      const denied = this.#single();
      return { matches: row => !denied.matches(row), from: EVERYWHERE };
    }
    if (!this.#take('(')) return this.#condition();
    const inner = this.#either();
    if (!this.#take(')')) throw syntaxError();
    return inner;
  }

  #condition(): FilterQuery<Row> {
    const [name = '', comparison = '', quoted = ''] = this.#tokens.slice(this.#position, this.#position + 3);
    this.#position += 3;
    const field = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    if (!field || ['', '(', ')', '!'].includes(quoted)) throw syntaxError();
    const value = quoted.replaceAll(/^['"]|['"]$/g, '');
    const condition = readCondition(field, comparison, value, this.#timeZone);
    return { matches: condition.matches, from: startOf(condition, field.kind) };
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#position] !== token) return false;
    this.#position++;
    return true;
  }
}

const LOWER_BOUNDS: readonly Comparison[] = ['eq', 'geq', 'gt'];

function startOf<Row>({ bound, comparison }: Condition<Row>, kind: QueryField<Row>['kind']): FilterQuery<Row>['from'] {
  if (!LOWER_BOUNDS.includes(comparison)) return EVERYWHERE;
  if (kind === 'time' && typeof bound === 'number') return { ...EVERYWHERE, time: bound };
  return kind === 'sequence' && typeof bound === 'bigint' ? { ...EVERYWHERE, seqno: bound } : EVERYWHERE;
}

function syntaxError(): RangeError {
  return new RangeError('Invalid filter');
}
