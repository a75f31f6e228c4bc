import { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { DeviceRefused, messageOf } from '../core/errors.ts';
import { showFingerprint, type TlsTrust } from './tls-trust.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects for undici and judges the certificate before the first byte of a request is written. What it refuses comes
 * out of the request as `DeviceRefused` `trust`, with the fingerprint that was seen and what to do about it.
 */
export function tlsConnector(device: string, trust: TlsTrust): buildConnector.connector {
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    // A resumed TLS session shows no certificate, so nothing could be judged.
    maxCachedSessions: 0,
    // Node.js would destroy the socket before its certificate could be shown to the operator; `judge` refuses instead.
    rejectUnauthorized: false,
    ...(trust.kind === 'ca' ? { ca: trust.file.secret.reveal() } : {}),
  });
  return (options, callback) => {
    const place = `${options.hostname}:${options.port === '' ? '443' : options.port}`;
    const problem = trustProblem(trust);
    if (problem !== undefined) return callback(refusal(device, place, problem), null);
    return connect(options, (error, socket) => {
      if (error) return callback(error, null);
      const objection = socket instanceof TLSSocket ? judge(socket, trust) : undefined;
      if (objection === undefined) return callback(null, socket);
      socket.destroy();
      return callback(refusal(device, place, objection), null);
    });
  };
}

/** Why this certificate is not good enough, or undefined when it is. */
function judge(socket: TLSSocket, trust: TlsTrust): string | undefined {
  if (trust.kind === 'none') return undefined;
  const seen = (socket.getPeerX509Certificate()?.fingerprint256 ?? '').replaceAll(':', '').toLowerCase();
  if (seen === '') return 'no certificate was shown';
  if (trust.kind === 'pin') return seen === trust.sha256 ? undefined : pinObjection(seen, trust.sha256);
  return socket.authorized ? undefined : chainObjection(seen, String(socket.authorizationError), trust);
}

function pinObjection(seen: string, expected: string): string {
  return (
    `the certificate has the SHA-256 fingerprint ${showFingerprint(seen)}, but tls.fingerprint_sha256 is ` +
    `${showFingerprint(expected)}; if the device's certificate was renewed, compare the new one on the device and ` +
    'write it there, otherwise someone stands in between'
  );
}

function chainObjection(seen: string, reason: string, trust: TlsTrust): string {
  const by = trust.kind === 'ca' ? `the authorities in ${trust.file.name}` : 'the public authorities';
  return (
    `the certificate is not trusted by ${by} (${reason}); its SHA-256 fingerprint is ${showFingerprint(seen)}: ` +
    'compare it with the certificate on the device, then set tls.fingerprint_sha256 to it, or tls.ca_file to the ' +
    'authority that signed it'
  );
}

/** An authority file that holds no certificate would leave nobody to trust: better said than silently refused. */
function trustProblem(trust: TlsTrust): string | undefined {
  if (trust.kind !== 'ca') return undefined;
  try {
    return new X509Certificate(trust.file.secret.reveal()) ? undefined : 'empty';
  } catch (error) {
    return `tls.ca_file ${trust.file.name} holds no certificate in PEM form (${messageOf(error)})`;
  }
}

function refusal(device: string, place: string, found: string): DeviceRefused {
  return new DeviceRefused({ device, tried: `TLS handshake with ${place}`, found, why: 'trust' });
}
