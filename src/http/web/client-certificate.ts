import type { TLSSocket, TlsOptions } from 'node:tls';
import type { WebTls } from './web-config.ts';

/** What the TLS server has to ask of clients. Node itself refuses only for RequireAndVerifyClientCert. */
export function clientAuthOptions({ clientAuth }: WebTls): Pick<TlsOptions, 'requestCert' | 'rejectUnauthorized'> {
  return {
    requestCert: clientAuth !== 'NoClientCert',
    rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
  };
}

/** Whether a client that finished its handshake may speak; the cases of Go's client_auth_type that Node lets through. */
export function admitsClient({ clientAuth, allowedSans }: WebTls, socket: TLSSocket): boolean {
  const certificate = socket.getPeerCertificate();
  const given = Object.keys(certificate).length > 0;
  if (clientAuth === 'RequireAnyClientCert' && !given) return false;
  if (clientAuth === 'VerifyClientCertIfGiven' && given && !socket.authorized) return false;
  if (allowedSans.length === 0) return true;
  const names = (certificate.subjectaltname ?? '').split(', ').map(name => name.replace(/^[^:]+:/, ''));
  return names.some(name => allowedSans.includes(name));
}
