import type { Endpoint } from '../flows/columns.ts';
import type { Direction } from '../flows/stage.ts';
import type { Instant } from '../reading/timestamps.ts';
import { alertName } from './alerts.ts';
import type { ClientHello, ServerHello } from './hello.ts';
import { versionName } from './versions.ts';

/** What was seen of the handshake of one connection. */
export interface Handshake {
  /** The direction that the client sends in. */
  readonly client: Direction;
  offer?: ClientHello;
  choice?: ServerHello;
  /** A HelloRetryRequest was seen; it names the version even when the ServerHello is lost. */
  retry?: ServerHello;
  alert?: { readonly fatal: boolean; readonly code: number };
  /** How the server ended the connection before it chose. */
  ended?: 'reset' | 'closed';
}

/**
 * How surely the versions are known. `exact`: read from a whole hello. `by-cipher`: the packet was cut, the cipher
 * suite decides. `truncated`: cut before that. `client-only`: no ServerHello, so nothing was negotiated that we saw.
 */
export type Evidence = 'exact' | 'by-cipher' | 'truncated' | 'client-only';

/** One TLS connection. Versions are names (`TLSv1.2`), missing where that side's hello was not seen. */
export interface TlsConnection {
  readonly file: string;
  readonly firstSeen: Instant;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly offered: string | undefined;
  readonly negotiated: string | undefined;
  readonly serverName: string | undefined;
  /** `0x1301`: the number in the IANA registry. */
  readonly cipher: string | undefined;
  readonly evidence: Evidence;
  readonly helloRetry: boolean;
  readonly sslv2Hello: boolean;
  /** How the server refused: the name of a fatal alert, or `reset` or `closed` when it ended the connection without one. */
  readonly refused: string | undefined;
}

/** The finding, or undefined when no hello was seen. */
export function describeHandshake(
  handshake: Handshake,
  place: Pick<TlsConnection, 'file' | 'firstSeen' | 'client' | 'server'>,
): TlsConnection | undefined {
  const { offer, alert } = handshake;
  const choice = handshake.choice ?? handshake.retry;
  if (!offer && !choice) return undefined;
  return {
    ...place,
    offered: offer && versionName(offer.offered),
    negotiated: choice && versionName(choice.negotiated),
    serverName: offer?.serverName,
    cipher: choice?.cipher === undefined ? undefined : `0x${choice.cipher.toString(16).padStart(4, '0')}`,
    evidence: evidenceOf(offer, choice),
    helloRetry: handshake.retry !== undefined,
    sslv2Hello: offer?.sslv2 ?? false,
    refused: choice ? undefined : alert?.fatal === true ? alertName(alert.code) : handshake.ended,
  };
}

function evidenceOf(offer: ClientHello | undefined, choice: ServerHello | undefined): Evidence {
  if (choice) return choice.certainty;
  return offer?.certainty === 'truncated' ? 'truncated' : 'client-only';
}
