/** `show object registered-ip` and `registered-user`, by page. No answer tells when a tag will end. */
import { type Call, type Command, reads } from '../command.ts';
import { child, type CommandElement, childText } from '../command-element.ts';
import { invalidArgument, type Reply, success, unexpectedCommand } from '../replies.ts';
import { canonicalAddress } from '../state/tags/address.ts';
import type { Tagged } from '../state/tags/tag-table.ts';
import { replyInVsys } from '../vsys.ts';
import { element, elementWith, type Xml } from '../xml.ts';

export const registeredCommands: readonly Command[] = [
  reads('show object registered-ip', replyInVsys(registeredAddresses)),
  reads('show object registered-user', replyInVsys(registeredUsers)),
];

const LARGEST_PAGE = 500;
const OUTFILE = '/var/log/clioutput/regipdump';

function registeredAddresses({ argument, member, state }: Call, vsys: string): Reply {
  const all = member.registeredAddresses.list(vsys, state.now());
  const asked = argument && childText(argument, 'ip');
  const chosen = asked === undefined ? all : all.filter(({ subject }) => subject === canonicalAddress(asked));
  if (state.behaviour.registeredAddresses === 'outfile' && chosen.length > LARGEST_PAGE) {
    return success(element('msg', element('line', element('outfile', OUTFILE))));
  }
  return page('registered-ip', argument, chosen, ({ subject, tags }, names) => {
    const attributes = {
      ip: subject,
      from_agent: flag([...tags.values()].some(({ fromAgent }) => fromAgent)),
      persistent: flag([...tags.values()].some(({ persistent }) => persistent)),
    };
    return elementWith('entry', attributes, tagElement(names));
  });
}

function registeredUsers({ argument, member, state }: Call, vsys: string): Reply {
  const all = member.registeredUsers.list(vsys, state.now());
  const asked = argument && childText(argument, 'user');
  const chosen = asked === undefined ? all : all.filter(({ subject }) => subject === asked);
  return page('registered-user', argument, chosen, ({ subject }, names) =>
    elementWith('entry', { user: subject }, tagElement(names)),
  );
}

type WriteEntry = (tagged: Tagged, names: readonly string[]) => Xml;

function page(
  word: 'registered-ip' | 'registered-user',
  argument: CommandElement | undefined,
  all: readonly Tagged[],
  write: WriteEntry,
): Reply {
  const words = ['show', 'object', word];
  const options = [...(argument?.children ?? []), ...((argument && child(argument, 'all')?.children) ?? [])];
  const known = ['all', 'tag', 'limit', 'start-point', 'option', word === 'registered-ip' ? 'ip' : 'user'];
  const unknown = options.find(({ name }) => !known.includes(name));
  if (unknown) return unexpectedCommand([...words, unknown.name]);
  const text = (name: string, otherwise: number) =>
    options.find(option => option.name === name)?.text ?? String(otherwise);
  const limit = positive(text('limit', LARGEST_PAGE));
  if (limit === undefined || limit > LARGEST_PAGE) return invalidArgument([...words, 'limit'], text('limit', 0));
  const start = positive(text('start-point', 1));
  if (start === undefined) return invalidArgument([...words, 'start-point'], text('start-point', 0));
  const wanted = tagFilter(argument);
  const matching = all.flatMap(tagged => {
    const names = [...tagged.tags.keys()].filter(name => wanted === undefined || name === wanted);
    return names.length > 0 ? [{ tagged, names }] : [];
  });
  // Reconstructed: no answer of this option is known.
  if (text('option', 0) === 'count') return success(element('count', matching.length));
  const entries = matching.slice(start - 1, start - 1 + limit).map(({ tagged, names }) => write(tagged, names));
  return success(...entries, element('count', entries.length));
}

function tagFilter(argument: CommandElement | undefined): string | undefined {
  const tag = argument && child(argument, 'tag');
  return tag && child(tag, 'entry')?.attributes['name'];
}

function tagElement(names: readonly string[]): Xml {
  return element('tag', ...names.map(name => element('member', name)));
}

function positive(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function flag(value: boolean): string {
  return value ? '1' : '0';
}
