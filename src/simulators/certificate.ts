/** Certificates for simulated devices: made when they start, never used for anything else. */
import { createHash, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

/** A certificate with its private key, as `node:tls` takes them. */
export interface Certificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** SHA-256 of the DER form, upper-case hex pairs with colons, as `openssl x509 -fingerprint -sha256` prints it. */
  readonly fingerprintSha256: string;
}

/** Who a certificate speaks for: IP addresses and DNS names go into the subject alternative name. */
interface CertificateSubject {
  readonly commonName: string;
  readonly hosts: readonly string[];
}

/** Validity in days around now. Give a negative `until` for a certificate that has run out. */
interface Validity {
  readonly from: number;
  readonly until: number;
}

const A_MONTH: Validity = { from: -1, until: 30 };

/** A certificate authority that can sign the certificates of `issueCertificate`. */
export function createAuthority(commonName: string): Certificate {
  return make({ commonName, hosts: [] }, A_MONTH, undefined, true);
}

/** A server certificate signed by `authority`. */
export function issueCertificate(
  authority: Certificate,
  subject: CertificateSubject,
  validity: Validity = A_MONTH,
): Certificate {
  return make(subject, validity, authority, false);
}

/** A server certificate that signs itself, as a firewall has out of the box. */
export function selfSignedCertificate(subject: CertificateSubject, validity: Validity = A_MONTH): Certificate {
  return make(subject, validity, undefined, false);
}

function make(subject: CertificateSubject, validity: Validity, issuer: Certificate | undefined, isAuthority: boolean) {
  const keyPem = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(keyPem.publicKey);
  // The first bit must be 0: a serial number is a positive ASN.1 integer (RFC 5280 section 4.1.2.2).
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = daysFromNow(validity.from);
  certificate.validity.notAfter = daysFromNow(validity.until);
  certificate.setSubject([{ name: 'commonName', value: subject.commonName }]);
  certificate.setIssuer(issuer ? subjectOf(issuer) : certificate.subject.attributes);
  certificate.setExtensions(isAuthority ? AUTHORITY_EXTENSIONS : serverExtensions(subject.hosts));
  certificate.sign(forge.pki.privateKeyFromPem(issuer?.keyPem ?? keyPem.privateKey), forge.md.sha256.create());
  const certificatePem = forge.pki.certificateToPem(certificate);
  return { certificatePem, keyPem: keyPem.privateKey, fingerprintSha256: fingerprint(certificatePem) };
}

const AUTHORITY_EXTENSIONS = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  { name: 'subjectKeyIdentifier' },
];

function serverExtensions(hosts: readonly string[]) {
  const altNames = hosts.map(host => (isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host }));
  return [
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames },
  ];
}

function subjectOf(issuer: Certificate): forge.pki.CertificateField[] {
  return forge.pki.certificateFromPem(issuer.certificatePem).subject.attributes;
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function fingerprint(certificatePem: string): string {
  const digest = createHash('sha256').update(new X509Certificate(certificatePem).raw).digest('hex');
  return digest.toUpperCase().replace(/(..)(?!$)/g, '$1:');
}
