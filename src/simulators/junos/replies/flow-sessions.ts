import type { Peer, Srx, Tunnel } from '../srx.ts';
import { type Element, element, type Layout, type Raw, write } from '../xml.ts';

/** One session of the flow table, as a place in a template. */
interface Session {
  readonly id: number;
  readonly peer: string;
  readonly local: string;
  readonly spi: number;
  readonly index: number;
  readonly backup: boolean;
}

/** Every session of the peers, made one by one: two million cost no memory. */
export function* sessionsOf(srx: Srx, peers: readonly Peer[], backup = false): Generator<Session> {
  let id = 200;
  for (const peer of peers) {
    for (const tunnel of peer.tunnels) {
      const facts = { peer: peer.address, local: srx.localGateway, index: tunnel.index, backup };
      if (srx.isUp(tunnel)) {
        yield { id: (id += 1), spi: 0, ...facts };
        yield { id: (id += 1), spi: tunnel.inboundSpi, ...facts };
      }
      for (let stale = 0; stale < tunnel.stale; stale += 1)
        yield { id: (id += 1), spi: staleSpi(tunnel, stale), ...facts };
    }
  }
}

/** A container with sessions, and how many it says to show. */
export function sessionList(
  sessions: Iterable<Session>,
  count: number,
  srx: Srx,
  layout: Layout,
  place?: string,
): Element {
  const depth = srx.form === 'cluster' ? 4 : 2;
  const template = new Template(srx, layout, depth);
  function* content(): Generator<Element | Raw> {
    if (place !== undefined) yield element('flow-fpc-pic-id', place);
    for (const session of sessions) yield { raw: template.fill(session) };
    yield element('displayed-session-count', count);
  }
  return element('flow-session-information', content(), 'xmlns="http://xml.juniper.net/junos/24.4R0/junos-flow"');
}

/** The same as text. */
export function* sessionText(sessions: Iterable<Session>, srx: Srx): Generator<string> {
  for (const { id, peer, local, spi, backup } of sessions) {
    const state = srx.form === 'cluster' ? ` HA State: ${backup ? 'Backup' : 'Active'},` : '';
    const wing = `In: ${peer}/${spi >>> 16} --> ${local}/${spi & 0xffff};ah, Conn Tag: 0x0, If: ge-0/0/0.0, Pkts: 0, Bytes: 0, `;
    yield `Session ID: ${id}, Policy name: N/A,${state} Timeout: N/A, Session State: Valid\n  ${wing}\n\n`;
  }
}

/** The SPI of a session that an earlier SA left behind: the same in every reading. */
function staleSpi(tunnel: Tunnel, number: number): number {
  const mixed = Math.imul(tunnel.seed + number * 2_654_435_761, 2_246_822_519) >>> 0;
  return mixed === tunnel.inboundSpi || mixed === 0 ? mixed + 1 : mixed;
}

/** A session written once with marks in it, and then filled in: quick enough for millions. */
class Template {
  readonly #parts: readonly string[];

  constructor(srx: Srx, layout: Layout, depth: number) {
    const text = [...write(example(srx), layout, depth)].join('');
    this.#parts = text.split(/(@\w+@)/);
  }

  fill(session: Session): string {
    const values: Readonly<Record<string, string | number>> = {
      '@id@': session.id,
      '@state@': session.backup ? 'Backup' : 'Active',
      '@peer@': session.peer,
      '@local@': session.local,
      '@sport@': session.spi >>> 16,
      '@dport@': session.spi & 0xffff,
      '@index@': session.index,
      '@info@': 0x20000000 + session.index,
    };
    let text = '';
    for (const part of this.#parts) text += part.startsWith('@') ? (values[part] ?? part) : part;
    return text;
  }
}

/** The leaves of a tunnel session, in the order of 24.4; 15.1X49 has no self-tunnel leaves. */
function example(srx: Srx): Element {
  const old = srx.release === 'old';
  const leaves = (...pairs: readonly (readonly [string, string])[]) =>
    pairs.map(([name, value]) => element(name, value));
  const self = leaves(['self-tunnel-id', '@index@'], ['self-tunnel-type', 'IPsec'], ['self-tunnel-info', '@info@']);
  const counters = [
    ...['recv-ipv4-post-frags-counter', 'gen-ipv4-post-frags-counter', 'recv-ipv4-pre-frags-counter'],
    ...['ipv4-tx-to-tunnel-frags', 'gen-ipv4-pre-frags-counter', 'recv-ipv6-pre-frags-counter'],
    ...['ipv6-tx-to-tunnel-frags', 'gen-ipv6-pre-frags-counter', 'port-sequence', 'fin-sequence', 'fin-state'],
    ...['seq-ack-diff', 'pkt-cnt', 'byte-cnt'],
  ].map(name => element(name, '0'));
  const wing = [
    ...leaves(['direction', 'In'], ['source-address', '@peer@'], ['source-port', '@sport@']),
    ...leaves(['destination-address', '@local@'], ['destination-port', '@dport@'], ['protocol', 'ah']),
    ...leaves(['conn-tag', '0x0'], ['attachment-id', '0'], ['gw-endpoint-id', '0'], ['flow-cookie', '0']),
    ...leaves(['interface-name', 'ge-0/0/0.0'], ['session-token', '0x8'], ['flag', '0x100621']),
    ...leaves(['power-mode-express-path', 'False'], ['route', '0xd0010'], ['gateway', '@peer@']),
    ...leaves(['tunnel-id', '0'], ['tunnel-type', 'None']),
    ...(old ? [] : self),
    ...counters,
  ];
  const state = srx.form === 'cluster' ? [element('session-state', '@state@')] : [];
  return element(
    'flow-session',
    [
      ...leaves(['session-identifier', '@id@'], ['status', 'Normal']),
      ...state,
      ...leaves(['session-flag', '0x10000/0x0/0x10/0x1'], ['policy', 'N/A'], ['nat-source-pool-name', 'Null']),
      ...leaves(['dynamic-application-name', 'junos:UNKNOWN'], ['encryption-traffic-name', ' Unknown']),
      ...leaves(['url-category-name', ' Unknown'], ['application-traffic-control-rule-set-name', 'INVALID']),
      ...leaves(['application-traffic-control-rule-name', 'INVALID'], ['configured-timeout', 'N/A']),
      ...leaves(['timeout', 'N/A'], ['sess-state', 'Valid'], ['wan-acceleration', ''], ['start-time', '1779840196']),
      ...leaves(['duration', '2854'], ['session-mask', '0']),
      element('flow-information', wing, 'junos:style="brief"'),
    ],
    'junos:style="brief"',
  );
}
