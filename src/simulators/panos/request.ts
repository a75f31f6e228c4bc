/** An HTTP request read as a call of the XML API. */
import type { IncomingMessage } from 'node:http';
import { type CommandElement, commandText, parseCommand } from './command-element.ts';

/** A request body above this size is refused (the vendor's limit for POST). */
const LARGEST_BODY_BYTES = 5_000_000;

const NAMED_BY_PARAMETERS = ['report', 'config', 'log'];

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** `op`, `keygen`, …; empty when the request names none. */
  readonly type: string;
  readonly action: string | undefined;
  readonly parameters: URLSearchParams;
  readonly key: string | undefined;
  readonly keyIn: 'header' | 'parameter' | 'none';
  /** The XML of `cmd`; undefined when there is none or it is not well-formed. */
  readonly command: CommandElement | undefined;
  /**
   * The call in words, free of secrets: `show session id 12`; for types whose `cmd` is no command the type and what it
   * names, as `report custom Quota`, `report get 12` or `config set /config/…`.
   */
  readonly text: string;
}

/** Reads parameters from the URL and from a form body. Undefined when the body is above the vendor's limit. */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest | undefined> {
  const url = new URL(message.url ?? '/', 'https://device');
  const parameters = new URLSearchParams(url.searchParams);
  const body = await readBody(message);
  if (body === undefined) return undefined;
  for (const [name, value] of new URLSearchParams(body)) parameters.append(name, value);
  const header = message.headers['x-pan-key'];
  const key = typeof header === 'string' ? header : last(parameters, 'key');
  const type = last(parameters, 'type') ?? '';
  const action = last(parameters, 'action');
  const cmd = last(parameters, 'cmd');
  const command = cmd === undefined ? undefined : parseCommand(cmd);
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    type,
    action,
    parameters,
    key,
    keyIn: typeof header === 'string' ? 'header' : key === undefined ? 'none' : 'parameter',
    command,
    text: command && !NAMED_BY_PARAMETERS.includes(type) ? commandText(command) : parameterText(parameters),
  };
}

function parameterText(parameters: URLSearchParams): string {
  const names = ['type', 'action', 'reporttype', 'reportname', 'log-type', 'job-id', 'xpath', 'where'];
  return names.flatMap(name => last(parameters, name) ?? []).join(' ');
}

// A parameter that is given twice counts as given last; clients in the field send `cmd=op&cmd=<show>…`.
function last(parameters: URLSearchParams, name: string): string | undefined {
  return parameters.getAll(name).at(-1);
}

async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
