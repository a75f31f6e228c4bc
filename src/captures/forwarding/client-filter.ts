import type { NetworkSet } from '../../core/address.ts';
import type { Carrier } from './carried.ts';

/** Which clients are looked for, and which element of a list is believed. */
export interface ClientFilter {
  /** Undefined: every client. */
  readonly clients: NetworkSet | undefined;
  /**
   * How many proxies at the end of the chain are ours: the element that the first of them wrote is the client, whatever
   * the client itself claimed before. Undefined: any element of the list will do.
   */
  readonly trusted: number | undefined;
}

/** The addresses of a carrier that the filter asks for, each once. */
export function matchClients(filter: ClientFilter, carrier: Carrier): string[] {
  const found = new Set<string>();
  for (const address of believed(filter, carrier)) {
    if (address !== undefined && (filter.clients?.has(address) ?? true)) found.add(address);
  }
  return [...found];
}

function believed(filter: ClientFilter, carrier: Carrier): readonly (string | undefined)[] {
  if (filter.trusted === undefined || carrier.addresses.length < 2) return carrier.addresses;
  return [carrier.addresses[Math.max(0, carrier.addresses.length - filter.trusted)]];
}
