import { parseAddress } from '../../../core/address.ts';
import type { Reply } from '../reply.ts';
import { child, childText, wholeNumber, wholeText, type XmlElement } from '../xml/element.ts';

/** What makes a session this one and not another that got its id later. */
export interface SessionIdentity {
  readonly source: string;
  readonly destination: string;
  /** IP protocol number. */
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** As the device prints it, in its own time zone: `Wed May 31 07:59:22 2023`. Compared, never read. */
  readonly startTime: string;
  readonly zone: string;
  readonly application: string;
}

/** `show session id N`. */
export type SessionDetail =
  | { readonly kind: 'gone' }
  /** Without these fields nobody can say which session this is. */
  | { readonly kind: 'incomplete'; readonly missing: readonly string[] }
  | {
      readonly kind: 'session';
      readonly identity: SessionIdentity;
      /** `ACTIVE`, `DISCARD`, and others while a session opens and closes. */
      readonly state: string;
      /** Every address of the session, those behind address translation included. */
      readonly addresses: readonly string[];
      readonly users: readonly string[];
    };

/**
 * A session that is gone is answered with success and the text `Session N / Bad Key: c2s`. No capture of the full reply
 * is known; the field names are those that public clients read. Throws DeviceSurprise when it is neither.
 */
export function readSessionDetail(reply: Reply): SessionDetail {
  const client = child(reply.result, 'c2s');
  if (!client) {
    if (/\bBad Key\b/i.test(wholeText(reply.result))) return { kind: 'gone' };
    throw reply.surprise('no <c2s>, and not the text of a session that is gone');
  }
  const found = identityOf(reply.result, client);
  const state = childText(client, 'state');
  const missing = Object.entries({ ...found, state }).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (!isWhole(found) || state === undefined) return { kind: 'incomplete', missing };
  const server = child(reply.result, 's2c');
  const addresses = [client, server].flatMap(flow =>
    [address(flow, 'source') ?? [], address(flow, 'dst') ?? []].flat(),
  );
  const users = ['src-user', 'dst-user'].flatMap(name => childText(client, name) ?? []);
  return {
    kind: 'session',
    identity: found,
    state,
    addresses: [...new Set(addresses)],
    users: [...new Set(users)].filter(user => user !== 'unknown'),
  };
}

/** Whether both are the same session. The application is left out: it becomes known while a session runs. */
export function sameSession(left: SessionIdentity, right: SessionIdentity): boolean {
  return (
    left.source === right.source &&
    left.destination === right.destination &&
    left.protocol === right.protocol &&
    left.sourcePort === right.sourcePort &&
    left.destinationPort === right.destinationPort &&
    left.startTime === right.startTime &&
    left.zone === right.zone
  );
}

type Partly<T> = { readonly [Key in keyof T]: T[Key] | undefined };

function identityOf(session: XmlElement, client: XmlElement): Partly<SessionIdentity> {
  return {
    source: address(client, 'source'),
    destination: address(client, 'dst'),
    protocol: numberUpTo(childText(client, 'proto'), 255),
    sourcePort: numberUpTo(childText(client, 'sport'), 65_535),
    destinationPort: numberUpTo(childText(client, 'dport'), 65_535),
    startTime: childText(session, 'start-time'),
    zone: childText(client, 'source-zone'),
    application: childText(session, 'application'),
  };
}

function isWhole(identity: Partly<SessionIdentity>): identity is SessionIdentity {
  return Object.values(identity).every(value => value !== undefined);
}

function address(flow: XmlElement | undefined, name: string): string | undefined {
  const text = childText(flow, name);
  return text === undefined ? undefined : parseAddress(text);
}

function numberUpTo(text: string | undefined, most: number): number | undefined {
  const value = wholeNumber(text);
  return value !== undefined && value <= most ? value : undefined;
}
