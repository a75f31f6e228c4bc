import { type Alias, isAlias, isScalar, LineCounter, parseDocument as parseYaml, type Document, visit } from 'yaml';
import { ConfigError, type ConfigProblem } from '../core/errors.ts';
import { ConfigDocument, startOf } from './document.ts';
import { explainYamlFault, ODD_KEY, roots, UNKNOWN_ALIAS } from './yaml-faults.ts';

/** Enough for shared credentials; a bomb of aliases needs thousands. */
const MAX_ALIASES = 100;

/** Parses YAML 1.2, strictly. Throws ConfigError with every fault of its form. */
export function parseDocument(file: string, text: string): ConfigDocument {
  const lines = new LineCounter();
  const fail = (offset: number, message: string): ConfigProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path: '', message };
  };
  try {
    const document = parseYaml(text, {
      lineCounter: lines,
      prettyErrors: false,
      strict: true,
      version: '1.2',
      logLevel: 'error',
    });
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0) {
      throw new ConfigError(roots(faults).map(fault => fail(fault.pos[0], explainYamlFault(fault))));
    }
    const aliases = aliasesOf(document);
    if (aliases.length > MAX_ALIASES) throw new ConfigError([fail(0, `has more than ${MAX_ALIASES} aliases`)]);
    const odd = oddKeysOf(document);
    if (odd.length > 0) throw new ConfigError(odd.map(key => fail(startOf(key), ODD_KEY)));
    const loose = aliases.filter(alias => alias.resolve(document) === undefined);
    if (loose.length > 0) throw new ConfigError(loose.map(alias => fail(startOf(alias), UNKNOWN_ALIAS)));
    return new ConfigDocument(file, document.toJS({ maxAliasCount: MAX_ALIASES }), document, lines);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const reason = error instanceof RangeError ? 'is nested too deeply' : 'is not usable YAML';
    throw new ConfigError([fail(0, `${reason}; plain maps, lists and values are expected`)]);
  }
}

/** Keys that are maps or lists themselves, as `? [a, b]` and `{ { a: 1 }: 2 }` make them. */
function oddKeysOf(document: Document): readonly unknown[] {
  const keys: unknown[] = [];
  visit(document, { Pair: (_, { key }) => void (isScalar(key) || isAlias(key) || keys.push(key)) });
  return keys;
}

function aliasesOf(document: Document): readonly Alias[] {
  const aliases: Alias[] = [];
  visit(document, { Alias: (_, alias) => void aliases.push(alias) });
  return aliases;
}
