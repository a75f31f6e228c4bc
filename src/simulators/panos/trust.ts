import { type Certificate, createAuthority, issueCertificate, selfSignedCertificate } from '../certificate.ts';

/** Makes the certificates of a firewall's members, and knows what a client must trust to accept them. */
export class Trust {
  readonly #authority: Certificate | undefined;
  readonly #issued: Certificate[] = [];

  constructor(kind: 'authority' | 'self-signed') {
    this.#authority = kind === 'authority' ? createAuthority('unclog simulator CA') : undefined;
  }

  /** A certificate for 127.0.0.1, localhost and the member's name. */
  issue(memberName: string): Certificate {
    const subject = { commonName: memberName, hosts: ['127.0.0.1', 'localhost', memberName] };
    const issued = this.#authority ? issueCertificate(this.#authority, subject) : selfSignedCertificate(subject);
    this.#issued.push(issued);
    return issued;
  }

  caPem(): string {
    return this.#authority?.certificatePem ?? this.#issued.map(({ certificatePem }) => certificatePem).join('');
  }

  fingerprints(): readonly string[] {
    return this.#issued.map(({ fingerprintSha256 }) => fingerprintSha256);
  }
}
