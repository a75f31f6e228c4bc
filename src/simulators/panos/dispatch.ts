/** Finds the command that a request means. */
import type { Command } from './command.ts';
import type { CommandElement } from './command-element.ts';
import { failure, refusal, type Reply, unexpectedCommand } from './replies.ts';
import type { ApiRequest } from './request.ts';

interface Found {
  readonly command: Command;
  readonly argument: CommandElement | undefined;
}

/** The command and the element that holds its arguments, or the refusal that a device gives. */
export function findCommand(commands: readonly Command[], request: ApiRequest): Found | Reply {
  const ofType = commands.filter(command => command.type === request.type);
  if (request.type === '') return refusal(400, 'Missing value for parameter "type".');
  if (ofType.length === 0) return refusal(400, `Invalid value "${request.type}" for parameter "type".`);
  if (request.type === 'op') return findOperation(ofType, request);
  const command = ofType.find(candidate => candidate.action === undefined || candidate.action === request.action);
  return command ? { command, argument: request.command } : refusal(400, 'Invalid value for parameter "action".');
}

export function isFound(result: Found | Reply): result is Found {
  return 'command' in result;
}

function findOperation(commands: readonly Command[], request: ApiRequest): Found | Reply {
  if (!request.parameters.has('cmd')) return refusal(400, 'Missing value for parameter "cmd".');
  const root = request.command;
  if (!root) return failure(18, 'Malformed command');
  const matches = commands.flatMap(command => {
    const words = (command.words ?? '').split(' ');
    const argument = descend(root, words);
    return argument ? [{ command, argument, depth: words.length }] : [];
  });
  const best = matches.sort((left, right) => right.depth - left.depth)[0];
  return best ?? unexpectedCommand(knownWords(commands, root));
}

function descend(root: CommandElement, words: readonly string[]): CommandElement | undefined {
  const [first, ...rest] = words;
  if (root.name !== first) return undefined;
  let element: CommandElement | undefined = root;
  for (const word of rest) element = element?.children.find(child => child.name === word);
  return element;
}

// A device names the words up to and including the first that it does not know.
function knownWords(commands: readonly Command[], root: CommandElement): string[] {
  const words = [root.name];
  let element: CommandElement | undefined = root;
  while (element && commands.some(command => `${command.words ?? ''} `.startsWith(`${words.join(' ')} `))) {
    element = element.children[0];
    if (element) words.push(element.name);
  }
  return words;
}
