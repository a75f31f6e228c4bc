import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { PowerState } from '../access.ts';
import { logEvent, type LogReading } from '../sel/log-event.ts';
import { decodeHex } from '../sel/record.ts';

/** A reply that cannot be used. The message says what is wrong with it. */
export class BadReply extends Error {}

/** A login answers 200 whether it worked or not; only the page that it sends the browser to tells. */
export function isLoggedIn(body: string): boolean {
  return /url_redirect\.cgi\?url_name=(mainmenu|topmenu)/.test(body);
}

/** The session id: the header can carry two, the first of them empty, and the last one counts. */
export function sessionIdOf(setCookie: readonly string[]): string | undefined {
  return setCookie
    .flatMap(header => [...header.matchAll(/(?:^|[;,\s])SID=([^;,\s]*)/g)])
    .map(match => match[1] ?? '')
    .findLast(value => value !== '');
}

/** X11 firmware puts a token into its pages that each query must bring back. Undefined on firmware without. */
export function csrfTokenOf(page: string): string | undefined {
  return /SmcCsrfInsert\s*\(\s*"CSRF[-_]TOKEN"\s*,\s*"([^"]+)"/.exec(page)?.[1];
}

/** An expired session is told with 403, or with 200 and one of these. */
export function isSessionLost(body: string): boolean {
  const text = body.slice(0, 4_000);
  return /token value is not matched|please log in a new session|session has timed out|invalid session|session expired/i.test(
    text,
  );
}

/** `SEL_INFO.XML`: how many entries there are, in hex, then each with its 16 bytes in hex. Throws BadReply. */
export function parseEventLog(body: string): LogReading {
  const { SEL_INFO } = parse(selReply, body);
  const elements = SEL_INFO.SEL;
  const totals = elements.flatMap(element => element.TOTAL_NUMBER ?? []);
  const declared =
    totals.length === 1 && /^[0-9a-f]{1,8}$/i.test(totals[0] ?? '') ? parseInt(totals[0] ?? '', 16) : NaN;
  if (Number.isNaN(declared)) throw new BadReply('the reply does not say how many entries there are (TOTAL_NUMBER)');
  const records = elements.filter(element => element.TOTAL_NUMBER === undefined);
  if (records.length > declared) {
    throw new BadReply(`the reply has ${records.length} entries and says that there are ${declared}`);
  }
  const decoded = records.flatMap(element => decodeHex(element.SEL_RD ?? '') ?? []);
  return {
    events: decoded.map(record => logEvent(record, 'supermicro')),
    declared,
    truncated: records.length < declared,
    undecoded: records.length - decoded.length,
  };
}

/** `POWER_INFO.XML`. Throws BadReply. */
export function parsePower(body: string): PowerState {
  return parse(powerReply, body).POWER_INFO.POWER.STATUS === 'ON' ? 'on' : 'off';
}

const selReply = z.object({
  SEL_INFO: z.object({
    SEL: z.array(z.object({ TOTAL_NUMBER: z.string().optional(), SEL_RD: z.string().optional() })),
  }),
});

const powerReply = z.object({ POWER_INFO: z.object({ POWER: z.object({ STATUS: z.enum(['ON', 'OFF']) }) }) });

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  processEntities: false,
  isArray: name => name === 'SEL',
});

function parse<T>(schema: z.ZodType<T>, body: string): T {
  const end = body.lastIndexOf('</IPMI>');
  if (end === -1) throw new BadReply('the reply is not a whole IPMI document');
  if (/<!(DOCTYPE|ENTITY)/i.test(body)) throw new BadReply('the reply declares a document type');
  // Some X10 boards write a stray "@" after the document.
  const document = body.slice(0, end + '</IPMI>'.length);
  const parsed = schema.safeParse((read(document) as { readonly IPMI?: unknown }).IPMI);
  if (parsed.success) return parsed.data;
  throw new BadReply(`the reply has another shape: ${z.prettifyError(parsed.error).slice(0, 200)}`);
}

function read(document: string): unknown {
  try {
    return parser.parse(document, true);
  } catch (error) {
    throw new BadReply('the reply is not well-formed XML', { cause: error });
  }
}
