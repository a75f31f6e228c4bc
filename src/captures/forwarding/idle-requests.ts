import { parseNetwork } from '../../core/address.ts';
import { addressWords } from '../decoding/parse-words.ts';
import type { ClientQuestion } from './client-filter.ts';
import { isForwardingHeader } from './headers.ts';
import {
  CARRIAGE_RETURN, FIRST_LETTERS, HEADER_NAMES, isBlank, LINE_FEED, LONGEST_HEAD, LONGEST_METHOD, PROTOCOL, SPACE,
} from './http1.ts'; // prettier-ignore

const COMMA = 0x2c;
const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;
/** ` HTTP/1.`, as two numbers. */
const PROTOCOL_WORDS = [Buffer.from(PROTOCOL).readInt32BE(0), Buffer.from(PROTOCOL).readInt32BE(4)] as const;
const NAMES = HEADER_NAMES.map(name => ({ codes: Buffer.from(name), carriesClient: isForwardingHeader(name) }));

interface Ipv4Network {
  readonly address: number;
  readonly mask: number;
}

/**
 * Tells requests that show nothing: no body follows, they lead to no other protocol, and name no client that is asked for.
 * What it does not understand at once is left to `readHead`.
 */
export class IdleRequests {
  /** Undefined: any client is asked for, or one of IPv6. Empty: none. */
  readonly #asked: readonly Ipv4Network[] | undefined;

  constructor(question: ClientQuestion | undefined) {
    this.#asked = question ? ipv4Networks(question.clients) : [];
  }

  /** True when `view[start, end)` is a whole request of HTTP/1 that shows nothing, with nothing behind it. */
  includes(view: DataView, start: number, end: number): boolean {
    const first = view.getUint8(start);
    // CONNECT, POST and PUT have more to them; PROXY and the preface of HTTP/2 are no requests.
    if (first === 0x43 || first === 0x50 || end - start >= LONGEST_HEAD) return false;
    let at = start;
    while (at < end && isUpper(view.getUint8(at))) at++;
    if (at - start < 3 || at - start >= LONGEST_METHOD || at === end || view.getUint8(at) !== SPACE) return false;
    let lineFeed = find(view, LINE_FEED, at, end);
    const lineEnd = withoutReturn(view, lineFeed);
    if (lineFeed === end || lineEnd - start < 9) return false;
    if (view.getInt32(lineEnd - 9) !== PROTOCOL_WORDS[0] || view.getInt32(lineEnd - 5) !== PROTOCOL_WORDS[1])
      return false;
    for (;;) {
      at = lineFeed + 1;
      lineFeed = find(view, LINE_FEED, at, end);
      if (lineFeed === end) return false;
      const letter = view.getUint8(at);
      if (lineFeed === at || (lineFeed === at + 1 && letter === CARRIAGE_RETURN)) return lineFeed + 1 === end;
      if (FIRST_LETTERS[letter | 0x20] === 1 && !this.#isIdleField(view, at, lineFeed, end)) return false;
    }
  }

  #isIdleField(view: DataView, at: number, lineFeed: number, end: number): boolean {
    const colon = find(view, COLON, at, lineFeed);
    if (colon === lineFeed) return true;
    if (isBlank(view.getUint8(colon - 1))) return false;
    for (const { codes, carriesClient } of NAMES) {
      if (codes.length !== colon - at || !isName(view, at, codes)) continue;
      if (!carriesClient || !this.#asked) return false;
      return this.#asked.length === 0 || this.#namesNobody(view, colon + 1, lineFeed, end);
    }
    return true;
  }

  /** True for a list of IPv4 addresses of which none is asked for. What is none (1.2.3.400) is never asked for either. */
  #namesNobody(view: DataView, from: number, lineFeed: number, end: number): boolean {
    if (lineFeed + 1 === end || isBlank(view.getUint8(lineFeed + 1))) return false;
    const last = withoutReturn(view, lineFeed);
    for (let at = from; ;) {
      at = skipSpaces(view, at, last);
      let address = 0;
      for (let octets = 0; octets < 4; octets++) {
        if (octets > 0 && view.getUint8(at++) !== DOT) return false;
        const begin = at;
        let octet = 0;
        for (; at < last && at - begin < 3 && isDigit(view.getUint8(at)); at++) {
          octet = octet * 10 + view.getUint8(at) - ZERO;
        }
        if (at === begin) return false;
        address = (address << 8) | octet;
      }
      if (this.#isAskedFor(address)) return false;
      at = skipSpaces(view, at, last);
      if (at === last) return true;
      if (view.getUint8(at++) !== COMMA) return false;
    }
  }

  #isAskedFor(candidate: number): boolean {
    return this.#asked?.some(({ address, mask }) => (candidate & mask) === address) ?? true;
  }
}

function ipv4Networks(clients: readonly string[] | undefined): readonly Ipv4Network[] | undefined {
  const networks: Ipv4Network[] = [];
  for (const client of clients ?? []) {
    const network = parseNetwork(client);
    const [address, ...more] = network ? addressWords(network.address) : [];
    if (!network || address === undefined || more.length > 0) return undefined;
    const mask = network.prefix === 0 ? 0 : -1 << (32 - network.prefix);
    networks.push({ address: address & mask, mask });
  }
  return clients && networks;
}

/** Where the byte occurs first in `view[at, end)`; `end` when it does not. Looks at four bytes at a time. */
function find(view: DataView, byte: number, at: number, end: number): number {
  const wanted = Math.imul(byte, 0x01010101);
  let from = at;
  for (; from + 4 <= end; from += 4) {
    const different = view.getInt32(from, true) ^ wanted;
    const zeros = (different - 0x01010101) & ~different & 0x80808080;
    if (zeros !== 0) return from + ((31 - Math.clz32(zeros & -zeros)) >> 3);
  }
  while (from < end && view.getUint8(from) !== byte) from++;
  return from;
}

function withoutReturn(view: DataView, lineFeed: number): number {
  return view.getUint8(lineFeed - 1) === CARRIAGE_RETURN ? lineFeed - 1 : lineFeed;
}

function skipSpaces(view: DataView, at: number, end: number): number {
  let next = at;
  while (next < end && view.getUint8(next) === SPACE) next++;
  return next;
}

/** Without regard to case; `codes` are in lower case: letters and hyphens. */
function isName(view: DataView, at: number, codes: Uint8Array): boolean {
  for (let index = 0; index < codes.length; index++) {
    if ((view.getUint8(at + index) | 0x20) !== codes[index]) return false;
  }
  return true;
}

function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}
