import fc from 'fast-check';
import { clientHello, serverFlight } from '../../bench/captures/hellos.ts';
import { ACK, FIN, RST, SYN, SYN_ACK, type SegmentSpec } from './capture-builder.ts';

const NOTHING = Buffer.alloc(0);
const NOISE = Buffer.alloc(4096, 0x5a);
const HELLO = clientHello(0x0304, 'shop.example.com', NOISE);
const FLIGHT = serverFlight(0x0303, NOISE);
const REQUEST = Buffer.from('GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n');

/** What begins, goes on with, or looks like each thing that is read, whole and in pieces. */
const PAYLOADS = [
  NOTHING,
  clientHello(0x0303, 'shop.example.com', NOISE),
  HELLO,
  HELLO.subarray(0, 300),
  HELLO.subarray(300),
  FLIGHT,
  FLIGHT.subarray(0, 40),
  FLIGHT.subarray(40),
  REQUEST,
  REQUEST.subarray(0, 20),
  REQUEST.subarray(20),
  Buffer.from('GET / HTTP/1.1\r\nHost: x\r\nX-Real-IP: 198.51.100.7\r\n\r\n'),
  Buffer.from('POST / HTTP/1.1\r\nContent-Length: 1200\r\nX-Real-IP: 203.0.113.8\r\n\r\n'),
  Buffer.from('CONNECT shop.example.com:443 HTTP/1.1\r\n\r\n'),
  Buffer.from('GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'),
  Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
  Buffer.from('0\r\n\r\n'),
  Buffer.from('PROXY TCP4 203.0.113.20 10.0.0.1 5 6\r\n'),
  Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
  Buffer.alloc(1400, 0x17),
  Buffer.alloc(30_000, 0x17),
  Buffer.alloc(1200, 0x81),
  Buffer.from([0x15, 3, 3, 0, 2, 2, 40]),
  Buffer.from([0x80, 0x2e, 1, 3, 1]),
  Buffer.from([0x80]),
];

const step = fc.record({
  fromClient: fc.boolean(),
  port: fc.constantFrom(40_001, 40_002, 40_003, 50_000),
  flags: fc.constantFrom(ACK, ACK, ACK, ACK, ACK, ACK, ACK, ACK, ACK, SYN, SYN_ACK, FIN | ACK, RST),
  payload: fc.constantFrom(...PAYLOADS),
  /** How far the sequence number is from the one that comes next. */
  jump: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 1, 40, 1500, -1500),
});

/** Segments of a few connections that follow no rule: any payload, lost, repeated, opened and ended at any time. */
export function randomSegments(minLength: number, maxLength: number): fc.Arbitrary<SegmentSpec[]> {
  return fc.array(step, { minLength, maxLength, size: 'max' }).map(steps => {
    const next = new Map<string, number>();
    return steps.map(({ fromClient, port, flags, payload, jump }) => {
      const stream = `${port} ${String(fromClient)}`;
      const opens = (flags & SYN) !== 0;
      const sequence = opens ? 0 : (next.get(stream) ?? 1) + jump;
      if (jump === 0) next.set(stream, opens ? 1 : sequence + payload.length);
      return { fromClient, port, flags, sequence, payload: opens ? NOTHING : payload };
    });
  });
}
