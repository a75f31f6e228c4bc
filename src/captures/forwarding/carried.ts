import type { Direction } from '../flows/stage.ts';
import type { Instant } from '../reading/timestamps.ts';

/** What can tell a server who the client behind a proxy is. */
export type Source =
  | 'x-forwarded-for'
  | 'forwarded'
  | 'x-real-ip'
  | 'true-client-ip'
  | 'cf-connecting-ip'
  | 'x-client-ip'
  | 'x-cluster-client-ip'
  | 'fastly-client-ip'
  | 'proxy-v1'
  | 'proxy-v2';

/** One header (or PROXY header) of one request, with the addresses that it lists, nearest to the client first. */
export interface Carrier {
  readonly source: Source;
  /** The addresses in canonical form; undefined for what is none (`unknown`, `_hidden`). */
  readonly addresses: readonly (string | undefined)[];
}

/** A request, as far as it matters here. */
export interface Request {
  /** `GET /index.html`; empty for a PROXY header. */
  readonly line: string;
  readonly at: Instant;
  readonly carriers: readonly Carrier[];
}

/** One address that a connection carried, by one kind of header, with the requests that named it. */
export interface Carried {
  readonly source: Source;
  readonly address: string;
  /** The direction that the requests went in. */
  readonly direction: Direction;
  requests: number;
  readonly firstSeen: Instant;
  lastSeen: Instant;
}
