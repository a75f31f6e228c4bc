import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parseForwarded, parseList, parseNode } from '../../../src/captures/forwarding/addresses.ts';
import type { Endpoint } from '../../../src/captures/flows/columns.ts';
import type { TlsConnection } from '../../../src/captures/tls/handshake.ts';
import { captureCorpus, corpusTable, studyPaths, type Found } from '../../support/captures.ts';
import { sharedMissing } from '../../support/shared.ts';

const corpus = captureCorpus();

/** Malformed on purpose: what a reader makes of them is a matter of taste. */
const MALFORMED = [
  'mercury__corner-cases.pcap',
  'mercury__encrypted_handshake_cert_false_positive.pcap',
  'arkime__arkime_synthetic.pcap',
];

/** Where this reader and the oracle differ, and why. The same list stands in docs/CAPTURES.md. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'nDPI__4in6tunnel.pcap 192.168.0.1:64455': 'the ServerHello is whole; the oracle waits for the certificate behind it',
  'nDPI__KakaoTalk_chat.pcap 10.24.82.188:35503': 'the server answers a repeated SYN with a new number',
  'nDPI__KakaoTalk_chat.pcap 10.24.82.188:58964': 'the server answers a repeated SYN with a new number',
  'nDPI__openvpn.pcap 10.181.235.122:39772': 'TLS inside OpenVPN is not read',
  'nDPI__openvpn_nohmac_tcp.pcapng 10.181.235.122:39772': 'TLS inside OpenVPN is not read',
  'nDPI__ossfuzz_seed_fake_traces_1.pcapng 192.168.1.128:1':
    'another byte was sent at the place where the hello begins',
  'nDPI__rdp_over_tls.pcap 91.238.181.21:35888': 'TLS behind the RDP negotiation, which the oracle takes for RDP',
  'nDPI__tls_missing_ch_frag.pcap 192.168.0.1:33063':
    'a lost segment: the oracle leaves the hello out, here it is truncated',
  'suricata-verify__tcp-fastopen-10-syn-data-ignore__input.pcap 192.168.0.45:51615':
    'a hello in a SYN that was repeated',
};

/** The oracle took these ports for other protocols and missed SSL 2.0 there; the base file has the connection. */
const MOVED_PORT = ['derived_A_port22.pcap', 'derived_A_port5001.pcap'];

describe('captures with answers from tshark', { skip: corpus === undefined && sharedMissing }, () => {
  const folder = join(corpus ?? '', 'files');
  const found = new Map<string, Found>();

  before(async () => {
    for (const name of readdirSync(folder)) found.set(name, await studyPaths([join(folder, name)]));
  });

  const tlsOf = (file: string): readonly TlsConnection[] => found.get(file)?.tls ?? [];
  const expectedTls = corpus === undefined ? [] : corpusTable(corpus, 'expected/tls.csv');
  const overTcp = withoutDoubles(expectedTls.filter(row => row['proto'] === 'tls' && row['transport'] === 'tcp'));
  const scored = overTcp.filter(row => !MALFORMED.includes(row['file'] ?? ''));

  it('gives every exact connection as expected, and none a wrong version', () => {
    const rows = scored.filter(row => row['truncated'] === '0');
    assert.ok(rows.length > 1400);
    const wrong = rows
      .filter(row => !(nameOf(row) in DIFFERENCES))
      .flatMap(row => compare(row, tlsOf(row['file'] ?? '')));
    assert.deepEqual(wrong, []);
  });

  it('never contradicts a connection whose packets were cut', () => {
    const rows = scored.filter(row => row['truncated'] === '1');
    assert.ok(rows.length >= 15);
    for (const row of rows) {
      const match = tlsOf(row['file'] ?? '').find(one => sameEnds(row, one));
      const allowed = row['negotiated'] === 'TLSv1.2' ? ['TLSv1.2', 'TLSv1.2-or-1.3', 'TLSv1.3'] : [row['negotiated']];
      assert.ok(match && allowed.includes(match.negotiated ?? ''), nameOf(row));
    }
  });

  it('finds no connection that the oracle does not know, but for cut packets and listed differences', () => {
    const extra = [...found].flatMap(([file, { tls }]) => {
      if (MALFORMED.includes(file) || MOVED_PORT.includes(file)) return [];
      const known = overTcp.filter(row => row['file'] === file);
      return tls
        .filter(one => !known.some(row => sameEnds(row, one)))
        .filter(one => !(`${file} ${text(one.client)}` in DIFFERENCES) && !file.startsWith('derived_A_snap'))
        .map(one => `${file} ${text(one.client)} ${one.evidence}`);
    });
    assert.deepEqual(extra, []);
  });

  it('finds nothing in files without TLS', () => {
    const negative = corpusTable(corpus ?? '', 'index.csv').filter(row => row['kind'] === 'negative');
    assert.equal(negative.length, 40);
    for (const { file = '' } of negative) {
      const unlisted = tlsOf(file).filter(one => !(`${file} ${text(one.client)}` in DIFFERENCES));
      assert.deepEqual(unlisted, [], file);
    }
  });

  it('finds in each variant of the base file what it should', () => {
    const base = summaries(tlsOf('derived_A_base.pcap'));
    const variants = [...found.keys()].filter(name => name.startsWith('derived_A_'));
    assert.equal(variants.length, 67);
    const same = variants.filter(name => !/oneside|snap|raw228|tuple_reuse|port22|port5001/.test(name));
    assert.equal(same.length, 56);
    for (const name of same) assert.deepEqual(summaries(tlsOf(name)), base, name);
  });

  it('finds in variants that lack something what is left', () => {
    const base = tlsOf('derived_A_base.pcap');
    assert.deepEqual(
      tlsOf('derived_A_oneside_client.pcap').map(one => [one.offered, one.negotiated, one.evidence]),
      base.map(one => [one.offered, undefined, 'client-only']),
    );
    assert.deepEqual(
      tlsOf('derived_A_oneside_server.pcap').map(one => [one.offered, one.negotiated, one.evidence]),
      base.map(one => [undefined, one.negotiated, 'exact']),
    );
    assert.deepEqual(
      summaries(tlsOf('derived_A_raw228_v4only.pcap')),
      summaries(base.filter(one => !one.client.address.includes(':'))),
    );
    const reuse = tlsOf('derived_A_tuple_reuse.pcap');
    assert.equal(new Set(reuse.map(one => `${text(one.client)} ${text(one.server)}`)).size, 1);
    assert.equal(reuse.length, 7);
    for (const name of MOVED_PORT) assert.equal(tlsOf(name).length, base.length);
  });

  it('tells a cut TLS 1.2 from TLS 1.3 only where the bytes do', () => {
    for (const row of corpusTable(corpus ?? '', 'expected/snaplen_visibility.csv')) {
      for (const snap of ['68', '96', '128', '200', '400']) {
        const expected = row[`snap${snap}`] ?? '';
        if (expected === 'multi' || expected === 'nothing') continue;
        const [client, server] = row['hello'] === 'client' ? ['src', 'dst'] : ['dst', 'src'];
        const one = tlsOf(`derived_A_snap${snap}.pcap`).find(
          other => other.client.address === row[client] && other.server.address === row[server],
        );
        const version = row['hello'] === 'client' ? one?.offered : one?.negotiated;
        const place = `snap${snap} frame ${row['frame']}`;
        if (row['hello'] === 'client' && Number(row['frame']) === 8) continue; // the second hello after a retry
        assert.equal(version, acceptable(expected, version), place);
      }
    }
  });

  it('finds every forwarding header per connection, and nothing else', () => {
    const expected = forwardingCounts(corpusTable(corpus ?? '', 'expected/xff.csv'));
    const actual = new Map<string, number>();
    for (const [file, { forwarded }] of found) {
      for (const one of forwarded.filter(other => !other.source.startsWith('proxy'))) {
        actual.set(`${file} ${text(one.client)} ${text(one.server)} ${one.source} ${one.address}`, one.requests);
      }
    }
    assert.ok(expected.size > 300);
    assert.deepEqual(Object.fromEntries([...actual].toSorted()), Object.fromEntries([...expected].toSorted()));
  });

  it('finds every PROXY header', () => {
    const expected = corpusTable(corpus ?? '', 'expected/proxy_protocol.csv').map(
      row => `${row['file']} ${row['src']}:${row['sport']} ${row['client']}`,
    );
    const actual = [...found].flatMap(([file, { forwarded }]) =>
      forwarded.filter(one => one.source.startsWith('proxy')).map(one => `${file} ${text(one.client)} ${one.address}`),
    );
    assert.deepEqual(actual.toSorted(), expected.toSorted());
  });
});

function withoutDoubles(rows: readonly Record<string, string>[]): Record<string, string>[] {
  const keys = rows.map(row =>
    [
      row['file'],
      row['client'],
      row['cport'],
      row['server'],
      row['sport'],
      row['client_frame'],
      row['server_frame'],
    ].join(),
  );
  return rows.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

function compare(row: Record<string, string>, connections: readonly TlsConnection[]): string[] {
  const wanted = [row['client_max'], row['negotiated'], row['sni'], row['cipher'], row['hrr'], row['sslv2_hello']].join(
    ' ',
  );
  const candidates = connections.filter(one => sameEnds(row, one)).map(factsOf);
  return candidates.includes(wanted) ? [] : [`${nameOf(row)}: expected ${wanted}, found ${candidates.join(' or ')}`];
}

function factsOf(one: TlsConnection): string {
  return [one.offered, one.negotiated, one.serverName, one.cipher, Number(one.helloRetry), Number(one.sslv2Hello)].join(
    ' ',
  );
}

function sameEnds(row: Record<string, string>, one: TlsConnection): boolean {
  return (
    `${row['client']}:${row['cport']}` === text(one.client) && `${row['server']}:${row['sport']}` === text(one.server)
  );
}

function summaries(connections: readonly TlsConnection[]): string[] {
  return connections.map(one => `${text(one.client)} ${text(one.server)} ${factsOf(one)}`).toSorted();
}

/** By cipher is as good an answer as the extension itself; 1.2 proven by its cipher is better than open. */
function acceptable(expected: string, version: string | undefined): string {
  if (expected === 'TLSv1.3-by-cipher') return 'TLSv1.3';
  return expected === 'TLSv1.2-or-1.3' && version === 'TLSv1.2' ? version : expected;
}

/** Requests by connection, header and address: each request counts an address once. */
function forwardingCounts(rows: readonly Record<string, string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const header of (row['headers'] ?? '').split(/ \| |\n/)) {
      const [name = '', ...rest] = header.replaceAll('\\t', ' ').split(':');
      for (const address of new Set(addressesOf(name.trim().toLowerCase(), rest.join(':')))) {
        if (address === undefined) continue;
        const key = `${row['file']} ${row['src']}:${row['sport']} ${row['dst']}:${row['dport']} ${name.trim().toLowerCase()} ${address}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  return counts;
}

function addressesOf(name: string, value: string): readonly (string | undefined)[] {
  if (name === 'forwarded') return parseForwarded(value);
  return name === 'x-forwarded-for' ? parseList(value) : [parseNode(value)];
}

function nameOf(row: Record<string, string>): string {
  return `${basename(row['file'] ?? '')} ${row['client']}:${row['cport']}`;
}

function text(end: Endpoint): string {
  return `${end.address}:${end.port}`;
}
