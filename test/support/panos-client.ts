import { XMLParser } from 'fast-xml-parser';
import { Agent, request } from 'undici';
import type { PanosSimulator } from '../../src/simulators/panos/simulator.ts';

export interface RawReply {
  readonly status: number;
  readonly body: string;
}

export interface PanosClient {
  /** One `op` command on a member, by its index. */
  op(cmd: string, member?: number): Promise<RawReply>;
  /** Any call, with exactly these parameters as a POST form; the key goes into the header unless told otherwise. */
  call(parameters: Readonly<Record<string, string>>, options?: CallOptions): Promise<RawReply>;
  /** Cuts all connections, whatever is on its way. */
  close(): Promise<void>;
}

interface CallOptions {
  readonly member?: number;
  readonly path?: string;
  readonly method?: 'GET' | 'POST';
  readonly key?: string | undefined;
}

/** A plain client of a simulated firewall that trusts its authority and reads nothing into the answers. `connections` limits those per member. */
export function panosClient(simulator: PanosSimulator, connections: number | null = null): PanosClient {
  const agent = new Agent({ connections, connect: { ca: simulator.caPem } });
  const call: PanosClient['call'] = async (parameters, options = {}) => {
    const { member = 0, path = '/api/', method = 'POST' } = options;
    const key = 'key' in options ? options.key : simulator.apiKey;
    const form = new URLSearchParams(parameters).toString();
    const answer = await request(`${simulator.addresses[member]}${path}${method === 'GET' ? `?${form}` : ''}`, {
      dispatcher: agent,
      method,
      headers: {
        ...(key === undefined ? {} : { 'x-pan-key': key }),
        ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(method === 'POST' ? { body: form } : {}),
    });
    return { status: answer.statusCode, body: await answer.body.text() };
  };
  return {
    call,
    op: (cmd, member = 0) => call({ type: 'op', cmd }, { member }),
    close: () => agent.destroy(),
  };
}

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, attributeNamePrefix: '@' });

/** The document as nested objects; throws when it is not well-formed. */
export function parseXml(body: string): Record<string, unknown> {
  return parser.parse(body, true) as Record<string, unknown>;
}

/** The text of every element of that name, in document order. Good enough for elements without children. */
export function texts(body: string, name: string): string[] {
  const pattern = new RegExp(`<${name.replaceAll('.', '\\.')}>([^<]*)</`, 'g');
  return [...body.matchAll(pattern)].map(match => match[1] ?? '');
}

/** Every path of element and attribute names in the document, as `response/result/entry/@name`. */
export function paths(body: string): Set<string> {
  const found = new Set<string>();
  const walk = (value: unknown, path: string) => {
    if (Array.isArray(value)) return value.forEach(item => walk(item, path));
    if (path !== '') found.add(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [name, child] of Object.entries(value))
      if (name !== '#text') walk(child, path === '' ? name : `${path}/${name}`);
  };
  const document = parseXml(body);
  delete document['?xml'];
  walk(document, '');
  return found;
}
