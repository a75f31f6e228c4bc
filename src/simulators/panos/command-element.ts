/** The XML that a client sends as `cmd=`, read strictly into a small tree. */
import { SaxesParser } from 'saxes';

export interface CommandElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly CommandElement[];
  /** The element's own text, trimmed. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: CommandElement[];
  text: string;
}

/** Reads one well-formed element; undefined for anything else. A DOCTYPE is never accepted. */
export function parseCommand(xml: string): CommandElement | undefined {
  const parser = new SaxesParser({ xmlns: false });
  const open: OpenElement[] = [];
  let root: CommandElement | undefined;
  let broken = false;
  parser.on('error', () => (broken = true));
  parser.on('doctype', () => (broken = true));
  parser.on('opentag', tag => open.push({ name: tag.name, attributes: tag.attributes, children: [], text: '' }));
  parser.on('text', text => addText(open, text));
  parser.on('cdata', text => addText(open, text));
  parser.on('closetag', () => {
    const closed = open.pop();
    if (!closed) return;
    const finished = { ...closed, text: closed.text.trim() };
    const parent = open.at(-1);
    if (parent) parent.children.push(finished);
    else root = finished;
  });
  parser.write(xml).close();
  return broken ? undefined : root;
}

/** The command as one would type it on the CLI: `request session-discard timeout 60 reason x id 12`. */
export function commandText(command: CommandElement): string {
  const own = [command.name, ...Object.values(command.attributes), command.text].filter(word => word !== '');
  return [...own, ...command.children.map(commandText)].join(' ');
}

/** The child of that name, or undefined. */
export function child(command: CommandElement, name: string): CommandElement | undefined {
  return command.children.find(candidate => candidate.name === name);
}

/** The text of the child of that name; undefined when there is no such child. */
export function childText(command: CommandElement, name: string): string | undefined {
  return child(command, name)?.text;
}

function addText(open: readonly OpenElement[], text: string): void {
  const current = open.at(-1);
  if (current) current.text += text;
}
