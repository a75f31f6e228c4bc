import { DeviceSurprise, messageOf } from '../../core/errors.ts';
import type { HttpAnswer } from '../../transport/http-exchange.ts';
import { child, childText, type XmlElement, wholeText } from './xml/element.ts';
import { parseXml } from './xml/parse.ts';

/** Whose answer to what, for error messages. */
export interface ReplyFacts {
  readonly device: string;
  readonly tried: string;
  /** The reply holds a secret: no error may quote it. */
  readonly confidential?: boolean;
}

/** An answer with success. The readers in `replies/` turn it into what it says. */
export class Reply {
  /** The whole answer: some replies stand beside `<result>`, or have no `<response>` around them. */
  readonly root: XmlElement;
  /** What stands inside `<result>`; an element without content when there is none. */
  readonly result: XmlElement;
  readonly #facts: ReplyFacts;
  readonly #raw: string;

  constructor(root: XmlElement, facts: ReplyFacts, raw: string) {
    this.root = root;
    this.result = child(root, 'result') ?? { name: 'result', attributes: {}, children: [], text: '' };
    this.#facts = facts;
    this.#raw = raw;
  }

  /** What the device said, in one line of at most 200 characters. */
  get summary(): string {
    const text = wholeText(this.result).replace(/\s+/g, ' ').slice(0, 200);
    return text === '' ? 'success' : text;
  }

  /** The error for a reply that is not of the shape that its reader knows. */
  surprise(found: string): DeviceSurprise {
    return new DeviceSurprise({
      ...this.#facts,
      found: `the reply is not understood: ${found}`,
      excerpt: excerptOf(this.#raw, this.#facts),
    });
  }
}

/** An answer that says no. `kind` is what to do about it; `text` is the device's own, often empty. */
export interface Fault {
  readonly kind: FaultKind;
  readonly text: string;
}

export type FaultKind =
  /** The key is not valid any more. */
  | 'session-expired'
  | 'credentials'
  /** A commit is running: even valid keys are refused for a moment. */
  | 'commit-window'
  | 'role'
  /** Not now, or not on this member. */
  | 'denied'
  /** This release or platform does not know the command. */
  | 'unsupported'
  /** What was asked for is not in the configuration. */
  | 'absent'
  /** Trouble of the device itself. */
  | 'internal'
  | 'other';

export type Outcome = { readonly reply: Reply } | { readonly fault: Fault };

/** Reads an answer of the XML API. Throws DeviceSurprise when it is none. Codes: XML API error codes, vendor documents. */
export function readAnswer(answer: HttpAnswer, facts: ReplyFacts): Outcome {
  const raw = answer.body.toString('utf8');
  const root = rootOf(answer.status, raw, facts);
  if (!root) return { fault: httpFault(answer.status) };
  const status = root.attributes['status'] ?? '';
  const code = root.attributes['code'];
  const fine = status === 'success' && (code === undefined || ['0', '19', '20'].includes(code));
  // Of many entries some failed: each tells for itself what became of it, and the status tells of none.
  const perEntry = answer.status < 400 && isPerEntry(root);
  if ((fine || perEntry || root.name === 'report') && answer.status < 400)
    return { reply: new Reply(root, facts, raw) };
  const text = faultText(root);
  return { fault: { kind: faultKind(answer.status, status, code, text), text: describe(code, text) } };
}

/** The root element, or undefined where the HTTP status alone says what is wrong. */
function rootOf(status: number, raw: string, facts: ReplyFacts): XmlElement | undefined {
  try {
    const root = parseXml(mended(raw));
    // A predefined report comes bare.
    if (root.name === 'response' || root.name === 'report') return root;
    throw new Error(`the root element is <${root.name.slice(0, 40)}>`);
  } catch (error) {
    if (status >= 500 || status === 401 || status === 403 || status === 429) return undefined;
    const found = `HTTP ${status} with a body that is no reply of the XML API (${messageOf(error)}); is this a PAN-OS device?`;
    throw new DeviceSurprise({ ...facts, found, excerpt: excerptOf(raw, facts) });
  }
}

/**
 * Asked for a group that is not there, some releases answer with the end of a CDATA section that never began (seen on
 * 9.1). It is the one reply of this API that is known not to be well-formed.
 */
function mended(raw: string): string {
  return raw.includes('<![CDATA[') ? raw : raw.replace(/\]\]>(?=<\/result><\/response>\s*$)/, '');
}

function excerptOf(raw: string, facts: ReplyFacts): string {
  return facts.confidential === true ? '' : raw;
}

function isPerEntry(root: XmlElement): boolean {
  return child(child(child(root, 'msg'), 'line'), 'uid-response') !== undefined;
}

function httpFault(status: number): Fault {
  const kind = status === 401 || status === 403 ? 'credentials' : 'internal';
  return { kind, text: `HTTP ${status}` };
}

function faultKind(http: number, status: string, code: string | undefined, text: string): FaultKind {
  if (status === 'unauth' || code === '22') return 'session-expired';
  if (/^Type \[[^\]]*\] not authorized/i.test(text)) return 'commit-window';
  if (code === '16') return 'role';
  if (http === 401 || http === 403 || code === '403') return 'credentials';
  if ((code === '7' && status === 'success') || /^No such node$/i.test(text)) return 'absent';
  if (code === '14' || code === '15') return 'denied';
  if (code === '1' || code === '17' || /\b(unsupported|not supported)\b/i.test(text)) return 'unsupported';
  if (['2', '3', '4', '5', '11', '21'].includes(code ?? '') || http >= 500) return 'internal';
  return 'other';
}

/** Where the text stands differs by command and release; this order is the one of pan-python. */
function faultText(root: XmlElement): string {
  const message = child(root, 'msg') ?? child(child(root, 'result'), 'msg');
  const text = message ? wholeText(message) : (childText(root, 'result') ?? '');
  return text.replace(/\s+/g, ' ').slice(0, 300);
}

function describe(code: string | undefined, text: string): string {
  const said = text === '' ? 'no text' : `"${text}"`;
  return code === undefined ? said : `code ${code}, ${said}`;
}
