import { dataplaneName } from '../dataplane.ts';
import type { Reply } from '../reply.ts';
import { childText, textOf, wholeText, type XmlElement } from '../xml/element.ts';

/** A session that ingress-backlogs names. What is not undefined is a hint, to be compared with the session table. */
export interface BacklogSession {
  readonly id: string;
  /** Percent of the dataplane's resource. */
  readonly share: number | undefined;
  readonly dataplane: string | undefined;
  readonly zone: string | undefined;
  readonly application: string | undefined;
}

export type Backlog =
  | { readonly kind: 'sessions'; readonly sessions: readonly BacklogSession[] }
  | { readonly kind: 'ambiguous'; readonly why: string };

/**
 * `show running resource-monitor ingress-backlogs`. No capture of this reply is known: only that each session has an
 * element SESS-ID, and an `application` and a `c2s` with `source-zone` somewhere near. So elements are found by name
 * wherever they stand, a session owns what stands in an element that holds its SESS-ID and no other, and whatever
 * could belong to two sessions makes the whole reply ambiguous.
 */
export function readIngressBacklogs(reply: Reply): Backlog {
  const found = places(reply.result, []).filter(place => localName(place.element) === 'sess-id');
  if (found.length === 0) return withoutIds(reply.result);
  if (found.length > MOST_IDS) return { kind: 'ambiguous', why: `it names ${found.length} sessions` };
  const sessions = new Map<string, BacklogSession>();
  try {
    for (const place of found) {
      const session = readSession(place);
      const before = sessions.get(session.id);
      sessions.set(session.id, before ? merge(before, session) : session);
    }
  } catch (error) {
    if (error instanceof Ambiguity) return { kind: 'ambiguous', why: error.message };
    throw error;
  }
  return { kind: 'sessions', sessions: [...sessions.values()] };
}

// At most five sessions a dataplane are listed, and no chassis has 50 dataplanes.
const MOST_IDS = 250;

interface Place {
  readonly element: XmlElement;
  /** From the parent outwards to `<result>`. */
  readonly around: readonly XmlElement[];
}

class Ambiguity extends Error {}

function places(element: XmlElement, around: readonly XmlElement[]): readonly Place[] {
  const inside = [element, ...around];
  return [{ element, around }, ...element.children.flatMap(child => places(child, inside))];
}

/** Nothing listed, or a shape that nobody has seen yet: a text table, ids under another name. */
function withoutIds(result: XmlElement): Backlog {
  if (/sess-id/i.test(wholeText(result))) return { kind: 'ambiguous', why: 'it is a text table' };
  const other = places(result, []).find(
    ({ element }) => /sess/i.test(element.name) && /^\d+$/.test(textOf(element) ?? ''),
  );
  if (other) return { kind: 'ambiguous', why: `ids stand in <${other.element.name.slice(0, 40)}>, not in <SESS-ID>` };
  return { kind: 'sessions', sessions: [] };
}

function readSession({ element, around }: Place): BacklogSession {
  const id = textOf(element) ?? '';
  if (!/^[1-9]\d{0,9}$/.test(id)) throw new Ambiguity(`"${id.slice(0, 40)}" is no session id`);
  const own = ownElements(around);
  if (own.length === 0) throw new Ambiguity('several SESS-ID stand in one element');
  const pct = only(own, ['pct']);
  return {
    id,
    share: pct === undefined ? undefined : readPercent(pct),
    dataplane: dataplaneAround(around),
    zone: only(clientFlow(own), ['source-zone', 'szone']),
    application: only(own, ['application', 'app']),
  };
}

/** The elements round an id that hold no other id, nearest first. `<result>` is nobody's own. */
function ownElements(around: readonly XmlElement[]): readonly XmlElement[] {
  const shared = around.findIndex((element, index) => index === around.length - 1 || idsIn(element) > 1);
  return around.slice(0, shared);
}

function idsIn(element: XmlElement): number {
  return places(element, []).filter(place => localName(place.element) === 'sess-id').length;
}

/** The client's half of the session where there is one: the server's half has a zone of its own. */
function clientFlow(own: readonly XmlElement[]): readonly XmlElement[] {
  const flows = own.flatMap(element => descendants(element, ['c2s'])).slice(0, 1);
  return flows.length > 0 ? flows : own;
}

/** The text of the elements of these names that stand nearest to the id. */
function only(own: readonly XmlElement[], names: readonly string[]): string | undefined {
  for (const level of own) {
    const texts = new Set(descendants(level, names).map(textOf));
    if (texts.size > 1) throw new Ambiguity(`several <${names[0] ?? ''}> belong to one session`);
    const [text] = texts;
    if (text !== undefined) return text;
  }
  return undefined;
}

function descendants(element: XmlElement, names: readonly string[]): readonly XmlElement[] {
  return places(element, [])
    .map(place => place.element)
    .filter(candidate => names.includes(localName(candidate)));
}

function dataplaneAround(around: readonly XmlElement[]): string | undefined {
  for (const element of around) {
    const slot = valueOf(element, 'slot')?.replace(/^(?=\d)/, 's');
    const dp = valueOf(element, 'dp')?.replace(/^(?=\d)/, 'dp');
    const name = dataplaneName(dp === undefined ? element.name : `${slot ?? ''} ${dp}`.trim());
    if (name !== undefined) return name;
  }
  return undefined;
}

function valueOf(element: XmlElement, name: string): string | undefined {
  const spelling = element.children.find(child => localName(child) === name)?.name;
  return spelling === undefined ? undefined : childText(element, spelling);
}

function readPercent(text: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,3})?)\s*%?$/.exec(text);
  const value = Number(match?.[1] ?? NaN);
  if (!(value <= 100)) throw new Ambiguity(`"${text.slice(0, 40)}" is no percentage`);
  return value;
}

/** The CLI prints ids twice, once with shares and once with details. What both say must be the same. */
function merge(left: BacklogSession, right: BacklogSession): BacklogSession {
  const agree = <T>(a: T | undefined, b: T | undefined): T | undefined => {
    if (a !== undefined && b !== undefined && a !== b)
      throw new Ambiguity(`session ${left.id} is listed twice, differently`);
    return a ?? b;
  };
  return {
    id: left.id,
    share: agree(left.share, right.share),
    dataplane: agree(left.dataplane, right.dataplane),
    zone: agree(left.zone, right.zone),
    application: agree(left.application, right.application),
  };
}

function localName(element: XmlElement): string {
  return element.name.slice(element.name.lastIndexOf(':') + 1).toLowerCase();
}
