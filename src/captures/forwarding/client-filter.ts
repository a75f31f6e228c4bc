import { NetworkSet } from '../../core/address.ts';
import type { Carrier } from './carried.ts';

/** Answers that are remembered; the same few thousand clients come again and again. */
const MOST_REMEMBERED = 8192;

/** Which clients are looked for, and which element of a list is believed. */
export interface ClientQuestion {
  /** Addresses and networks; undefined: every client. */
  readonly clients: readonly string[] | undefined;
  /**
   * How many proxies at the end of the chain are ours: the element that the first of them wrote is the client, whatever
   * the client itself claimed before. Undefined: any element of a list will do.
   */
  readonly trusted: number | undefined;
}

/** Answers the question for one request after the other. */
export class ClientFilter {
  readonly #clients: NetworkSet | undefined;
  readonly #trusted: number | undefined;
  readonly #remembered = new Map<string, boolean>();

  constructor(question: ClientQuestion) {
    this.#clients = question.clients && new NetworkSet(question.clients);
    this.#trusted = question.trusted;
  }

  /** The addresses of a carrier that are asked for, each once. */
  matches(carrier: Carrier): readonly string[] {
    const found: string[] = [];
    for (const address of this.#believed(carrier.addresses)) {
      if (address !== undefined && this.#isAskedFor(address) && !found.includes(address)) found.push(address);
    }
    return found;
  }

  #believed(addresses: Carrier['addresses']): Carrier['addresses'] {
    if (this.#trusted === undefined || addresses.length < 2) return addresses;
    return [addresses[Math.max(0, addresses.length - this.#trusted)]];
  }

  #isAskedFor(address: string): boolean {
    if (!this.#clients) return true;
    const known = this.#remembered.get(address);
    if (known !== undefined) return known;
    const asked = this.#clients.has(address);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(address, asked);
    return asked;
  }
}
