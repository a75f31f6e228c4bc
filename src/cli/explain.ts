import { Command } from 'commander';
import { explain, explainable, type ExplainedTerm, suggestTerms } from '../app/explain.ts';
import type { TermVerdict } from '../core/term.ts';
import { type Io, print, printJson } from './io.ts';
import { table } from './table.ts';

/** `unclog explain`: what a word of a device's log means. Asks no device and reads no configuration. */
export function explainCommand(io: Io): Command {
  return new Command('explain')
    .description('what a session end reason, tracker stage, action or application value means')
    .argument('[value...]', 'as the device writes it; without it, every known value is listed')
    .option('--json', 'print JSON')
    .action((words: readonly string[], { json }: { json?: true }) => {
      if (words.length === 0) return list(io, json);
      const value = words.join(' ');
      const found = explain(value);
      if (found.length === 0) return unknown(io, value, json);
      if (json) printJson(io, found);
      else print(io, found.map(inWords).join('\n\n'));
    });
}

const VERDICTS: Readonly<Record<TermVerdict, string>> = {
  allowed: 'allowed',
  blocked: 'blocked',
  either: 'the word alone does not tell',
};

function list(io: Io, json: true | undefined): void {
  const terms = explainable();
  if (json) return printJson(io, terms);
  const rows = terms.map(({ value, kind, verdict }) => [value, kind, verdict]);
  print(io, table(['VALUE', 'FIELD', 'VERDICT'], rows));
}

function inWords({ value, kind, driver, meaning, verdict, where, next }: ExplainedTerm): string {
  const lines = [
    `${value} (${kind}, ${driver})`,
    `  meaning  ${meaning}`,
    `  traffic  ${VERDICTS[verdict]}`,
    `  where    ${where}`,
    `  next     ${next}`,
  ];
  return lines.join('\n');
}

function unknown(io: Io, value: string, json: true | undefined): void {
  const suggestions = suggestTerms(value);
  io.exit(1);
  if (json) return printJson(io, { value, known: false, suggestions });
  const shown = JSON.stringify(value.slice(0, 100));
  const hint = suggestions.length === 0 ? 'unclog explain lists all' : `did you mean ${suggestions.join(', ')}?`;
  io.stderr.write(`unclog: ${shown} is not known; ${hint}\n`);
}
