import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { clientHello, serverFlight } from '../../../bench/captures/hellos.ts';
import { ACK, buildCapture, conversation, FIN, RST, SYN, type SegmentSpec } from '../../support/capture-builder.ts';
import { EVERYTHING, studyBytes } from '../../support/captures.ts';

const NOISE = Buffer.alloc(4096, 0x5a);
const HELLO = clientHello(0x0304, 'shop.example.com', NOISE);
const FLIGHT = serverFlight(0x0304, NOISE);
const PROXY_1 = 'PROXY TCP4 203.0.113.7 192.0.2.13 51000 443\r\n';

const REQUESTS = [
  `POST /a?from=203.0.113.70 HTTP/1.1\r\nHost: a\r\nx-forwarded-for:198.51.100.1,\t203.0.113.7\r\nContent-Length: 43\r\n\r\n`,
  'GET /decoy HTTP/1.1\r\nX-Real-IP: 192.0.2.99\n',
  'PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\nForwarded: for="[2001:db8::7]:4711";proto=https\r\n\r\n',
  '5;x=y\r\nGET /\r\n0\r\nTrailer: X-Forwarded-For: 192.0.2.98\r\n\r\n',
  'GET /c HTTP/1.1\r\nX-Forwarded-For: unknown\r\nX-Forwarded-For: 010.000.000.003:80\r\nX-Real-IP: ::ffff:192.0.2.5\r\n\r\n',
].join('');

const CARRIED = [
  'x-forwarded-for 198.51.100.1 POST /a?from=203.0.113.70',
  'x-forwarded-for 203.0.113.7 POST /a?from=203.0.113.70',
  'forwarded 2001:db8::7 PUT /b',
  'x-forwarded-for 10.0.0.3 GET /c',
  'x-real-ip 192.0.2.5 GET /c',
];

const cuts = fc.array(fc.nat(4096), { maxLength: 60 });

async function carriedBy(segments: readonly SegmentSpec[]): Promise<string[]> {
  const { requests } = await studyBytes(buildCapture(segments));
  return requests.map(({ source, address, request }) => `${source} ${address} ${request}`.trim());
}

describe('a stream', () => {
  it('shows the same requests however it is cut into segments', async () => {
    assert.deepEqual(await carriedBy(conversation(Buffer.from(REQUESTS), [])), CARRIED);
    await fc.assert(
      fc.asyncProperty(cuts, async places => {
        assert.deepEqual(await carriedBy(conversation(Buffer.from(REQUESTS), places)), CARRIED);
      }),
      { numRuns: 200 },
    );
  });

  it('shows the same requests when segments come twice and out of order', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }), async (places, dice) => {
        const [syn, synAck, ...data] = conversation(Buffer.from(REQUESTS), places.slice(0, 20));
        const shuffled = [...data, ...data.slice(0, 5)].map((segment, index) => ({ segment, rank: dice[index] ?? 0 }));
        const late = shuffled.toSorted((a, b) => a.rank - b.rank).map(({ segment }) => segment);
        const found = await carriedBy([syn, synAck, ...late].filter(segment => segment !== undefined));
        assert.deepEqual(found, CARRIED);
      }),
      { numRuns: 200 },
    );
  });

  it('shows the hellos behind a PROXY header however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async places => {
        const client = Buffer.concat([Buffer.from(PROXY_1), HELLO]);
        const { tls, forwarded } = await studyBytes(buildCapture(conversation(client, places, FLIGHT)));
        assert.deepEqual(
          tls.map(one => [one.offered, one.negotiated, one.serverName, one.evidence]),
          [['TLSv1.3', 'TLSv1.3', 'shop.example.com', 'exact']],
        );
        assert.deepEqual(
          forwarded.map(one => [one.source, one.address]),
          [['proxy-v1', '203.0.113.7']],
        );
      }),
      { numRuns: 200 },
    );
  });

  it('shows a hello that begins before the capture does not, and one behind a lost segment as far as it goes', async () => {
    const whole = conversation(HELLO, [700]);
    const headLost = whole.filter(segment => segment.sequence !== 1 || !segment.fromClient);
    assert.deepEqual((await studyBytes(buildCapture(headLost))).tls, []);
    const tailLost = whole.filter(segment => segment.sequence !== 701);
    const { tls } = await studyBytes(buildCapture(tailLost));
    assert.deepEqual(
      tls.map(one => [one.offered, one.evidence]),
      [['TLSv1.2-or-1.3', 'truncated']],
    );
  });

  it('is another one when the same addresses and ports begin anew', async () => {
    const first = conversation(HELLO, [], FLIGHT);
    const again = first.map(segment => ({ ...segment, sequence: segment.sequence + 500_000 }));
    const { tls } = await studyBytes(buildCapture([...first, ...again]));
    assert.equal(tls.length, 2);
  });

  it('is the same one when its SYN comes again', async () => {
    const [syn, synAck, ...rest] = conversation(HELLO, [], FLIGHT);
    const { tls } = await studyBytes(buildCapture([syn, syn, synAck, ...rest, syn].filter(one => one !== undefined)));
    assert.equal(tls.length, 1);
  });

  it('tells a refusal by its alert', async () => {
    const alert = Buffer.from('15030100020246', 'hex');
    const { tls } = await studyBytes(
      buildCapture(conversation(clientHello(0x0301, 'old.example.com', NOISE), [], alert)),
    );
    assert.deepEqual(
      tls.map(one => [one.offered, one.negotiated, one.evidence, one.refused]),
      [['TLSv1.0', undefined, 'client-only', 'protocol_version']],
    );
  });

  it('tells a refusal by the end that the server makes of the connection, unless it answered', async () => {
    const hello = clientHello(0x0301, 'old.example.com', NOISE);
    const opening = conversation(hello, []);
    const end = (fromClient: boolean, flags: number, sequence: number): SegmentSpec => ({
      fromClient,
      flags,
      sequence,
      payload: Buffer.alloc(0),
    });
    const refusedBy = async (segments: readonly SegmentSpec[]): Promise<(string | undefined)[]> =>
      (await studyBytes(buildCapture(segments))).tls.map(({ refused }) => refused);
    assert.deepEqual(await refusedBy([...opening, end(false, RST, 77)]), ['reset']);
    assert.deepEqual(await refusedBy([...opening, end(false, FIN | ACK, 1)]), ['closed']);
    assert.deepEqual(
      await refusedBy([...opening, end(false, FIN | ACK, 4000)]),
      [undefined],
      'an answer may be missing',
    );
    assert.deepEqual(await refusedBy([...opening, end(true, FIN | ACK, 1 + hello.length)]), [undefined]);
    const answered = conversation(hello, [], serverFlight(0x0301, NOISE));
    assert.deepEqual(await refusedBy([...answered, end(false, RST, 0)]), [undefined]);
  });

  it('finds a hello behind CONNECT, and none behind other requests', async () => {
    const tunnel = (method: string): Buffer =>
      Buffer.concat([Buffer.from(`${method} shop:443 HTTP/1.1\r\n\r\n`), HELLO]);
    assert.equal((await studyBytes(buildCapture(conversation(tunnel('CONNECT'), [30], FLIGHT)))).tls.length, 1);
    assert.equal((await studyBytes(buildCapture(conversation(tunnel('GET'), [30], FLIGHT)))).tls.length, 0);
  });

  it('believes only the element that a trusted proxy wrote, when told how many there are', async () => {
    const request = Buffer.from('GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7, 198.51.100.2, 192.0.2.1\r\n\r\n');
    const capture = buildCapture(conversation(request, []));
    for (const [trusted, expected] of [
      [1, '192.0.2.1'],
      [2, '198.51.100.2'],
      [3, '203.0.113.7'],
      [9, '203.0.113.7'],
    ] as const) {
      const { requests } = await studyBytes(capture, { ...EVERYTHING, forwarded: { clients: undefined, trusted } });
      assert.deepEqual(
        requests.map(one => one.address),
        [expected],
      );
    }
  });

  it('takes up requests again behind a lost segment', async () => {
    const one = 'GET /1 HTTP/1.1\r\nX-Real-IP: 192.0.2.1\r\n\r\n';
    const many = Buffer.from(one.repeat(40));
    const places = Array.from({ length: 39 }, (_, index) => (index + 1) * one.length);
    const segments = conversation(many, places).filter(segment => segment.sequence !== 1 + 2 * one.length);
    const { forwarded } = await studyBytes(buildCapture(segments));
    assert.deepEqual(
      forwarded.map(found => found.requests),
      [39],
    );
  });

  it('that opens with data in its SYN is read from that data on', async () => {
    const segments: SegmentSpec[] = [
      { fromClient: true, sequence: 0, flags: SYN, payload: HELLO },
      { fromClient: false, sequence: 1, flags: ACK, payload: FLIGHT },
    ];
    assert.equal((await studyBytes(buildCapture(segments))).tls[0]?.negotiated, 'TLSv1.3');
  });
});

describe('many streams with something missing', () => {
  it('fill no more memory than they may, and that is told', async () => {
    const filler = Buffer.alloc(60_000, 0x16);
    const segments: SegmentSpec[] = Array.from({ length: 900 }, (_, index) => [
      { fromClient: true, sequence: 0, flags: SYN, payload: Buffer.alloc(0), port: 1000 + index },
      { fromClient: true, sequence: 5, flags: ACK, payload: filler, port: 1000 + index },
    ]).flat();
    const { study } = await studyBytes(buildCapture(segments));
    assert.ok(study.overflows > 0);
    assert.equal(study.files[0]?.damage, undefined);
  });
});
