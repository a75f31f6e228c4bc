import type { YAMLParseError, YAMLWarning } from 'yaml';

type Fault = YAMLParseError | YAMLWarning;

export const ODD_KEY = 'found a map or list as a key; plain keys are allowed: quote values that begin with { or [';
export const UNKNOWN_ALIAS =
  'found an alias (*name) that no anchor (&name) before it defines; quote values that begin with *';

/** What to do about the faults that people make most; the text of a file, which may be a secret, is never repeated. */
const ADVICE: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the same key stands twice in this map; keep one',
  TAB_AS_INDENT: 'found a tab; indent with spaces',
  BAD_INDENT:
    'the indentation does not fit, or a bracket before is not closed; lines of one map or list begin in the same column',
  MULTIPLE_DOCS: 'found a second document after ---; one document is allowed',
  TAG_RESOLVE_FAILED: 'found a tag; plain values without !tags are allowed',
  BLOCK_IN_FLOW: 'found a block inside [ ] or { }; close the bracket first, or write the whole as a block',
  MISSING_CHAR: 'a colon, comma, quote or bracket is missing',
  UNEXPECTED_TOKEN: 'found text where none is allowed; quote values that hold : # [ ] { } or quotes',
  BAD_ALIAS: UNKNOWN_ALIAS,
  BAD_DIRECTIVE: 'found a directive that is not known; lines that begin with % are not allowed',
  BAD_DQ_ESCAPE: 'found a backslash that escapes nothing; in "…" write \\\\ for a backslash, or use single quotes',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; a colon or quote is missing',
};

/** A fault of YAML's form in words that say what to change. */
export function explainYamlFault(fault: Fault): string {
  return ADVICE[fault.code] ?? `is not valid YAML (${fault.code.toLowerCase().replaceAll('_', ' ')})`;
}

/** Faults that stand for themselves. Of the others the first matters: what comes after it are mostly its consequences. */
const INDEPENDENT = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'BAD_DQ_ESCAPE']);

/** The faults that are worth telling. */
export function roots(faults: readonly Fault[]): readonly Fault[] {
  const first = faults.find(fault => !INDEPENDENT.has(fault.code));
  return faults.filter(fault => fault === first || INDEPENDENT.has(fault.code));
}
