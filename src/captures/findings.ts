import type { Endpoint } from './flows/columns.ts';
import type { Source } from './forwarding/carried.ts';
import type { Instant } from './reading/timestamps.ts';
import type { TlsConnection } from './tls/handshake.ts';

/** One connection on which a client's address was carried by one kind of header. */
export interface ForwardedConnection {
  readonly file: string;
  /** The proxy's end. */
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly source: Source;
  /** The client behind the proxy. */
  readonly address: string;
  /** Requests that named it; for a PROXY header, which speaks for all of them, all requests of the connection. */
  readonly requests: number;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
}

/** One request that named a client. */
export interface ForwardedRequest {
  readonly file: string;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly source: Source;
  readonly address: string;
  readonly at: Instant;
  /** `GET /index.html`; empty for a PROXY header. */
  readonly request: string;
}

export type Finding =
  | { readonly kind: 'tls'; readonly tls: TlsConnection }
  | { readonly kind: 'forwarded'; readonly forwarded: ForwardedConnection }
  | { readonly kind: 'request'; readonly request: ForwardedRequest };

/** Takes findings in the order in which they became certain. */
export type OnFinding = (finding: Finding) => void;
