/** A command as the simulator understands it, whichever way it came. */
export interface Command {
  /** RPC name. */
  readonly name: string;
  readonly args: ReadonlyMap<string, string>;
  /** As it would be typed; for the log. */
  readonly words: string;
  readonly text: boolean;
}

const WORDS: readonly { readonly words: string; readonly name: string; readonly key?: string }[] = [
  { words: 'show security flow session', name: 'get-flow-session-information' },
  { words: 'show security ipsec security-associations', name: 'get-security-associations-information' },
  { words: 'show security ipsec inactive-tunnels', name: 'get-inactive-tunnels' },
  { words: 'show security ike security-associations', name: 'get-ike-security-associations-information' },
  { words: 'show chassis cluster status', name: 'get-chassis-cluster-status' },
  { words: 'clear security ike security-associations', name: 'clear-ike-security-association', key: 'peer-address' },
  { words: 'clear security ipsec security-associations', name: 'clear-ipsec-security-association' },
];
const FLAGS = new Set(['summary', 'brief', 'detail', 'extensive']);

/** Reads a line of the CLI. Undefined when it is not known: a syntax error. */
export function parseLine(line: string): Command | undefined {
  const [typed = '', ...pipes] = line.split('|').map(part => part.trim());
  const form = WORDS.find(candidate => typed === candidate.words || typed.startsWith(`${candidate.words} `));
  if (!form) return undefined;
  const rest = typed
    .slice(form.words.length)
    .split(' ')
    .filter(word => word !== '');
  const args = new Map<string, string>();
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    if (FLAGS.has(word)) args.set(word, '');
    else if (form.key !== undefined && /^[0-9a-f.:]+$/i.test(word)) args.set(form.key, word);
    else if (/^(?:protocol|source-prefix|family|index|node)$/.test(word))
      args.set(rpcArgument(form.name, word), rest.shift() ?? '');
    else return undefined;
  }
  return { name: form.name, args, words: typed, text: !pipes.includes('display xml') };
}

/** Reads the content of a NETCONF rpc. Attributes are no arguments: the schema knows child elements alone. */
export function parseOperation(xml: string): Command | undefined {
  const asWords = /^<command format="(xml|text)">([^<]*)<\/command>$/.exec(xml);
  if (asWords) {
    const command = parseLine(asWords[2] ?? '');
    return command && { ...command, text: asWords[1] === 'text' };
  }
  const whole = /^<([\w-]+)[^>]*?(?:\/>|>([\s\S]*)<\/\1>)$/.exec(xml);
  const form = WORDS.find(candidate => candidate.name === whole?.[1]);
  if (!whole || !form) return undefined;
  const args = new Map<string, string>();
  for (const [, empty, name, value] of (whole[2] ?? '').matchAll(/<([\w-]+)\/>|<([\w-]+)>([^<]*)<\/\2>/g)) {
    args.set(empty ?? name ?? '', value ?? '');
  }
  const words = [form.words, ...[...args].map(([name, value]) => `${typed(form, name)} ${value}`.trim())].join(' ');
  return { name: form.name, args, words, text: false };
}

function rpcArgument(rpc: string, word: string): string {
  return rpc === 'get-security-associations-information' && word === 'index'
    ? 'show-index-ipsec-security-association'
    : word;
}

function typed(form: (typeof WORDS)[number], argument: string): string {
  if (argument === form.key) return '';
  return argument === 'show-index-ipsec-security-association' ? 'index' : argument;
}
