import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import {
  type Certificate,
  createAuthority,
  issueCertificate,
  selfSignedCertificate,
} from '../../../src/simulators/certificate.ts';

const SUBJECT = { commonName: 'fw-edge', hosts: ['127.0.0.1', '::1', 'fw.example.net'] };

describe('certificates of simulated devices', () => {
  it('are accepted by a client that trusts their authority, under each of their hosts', async test => {
    const authority = createAuthority('test CA');
    const port = await serve(test, issueCertificate(authority, SUBJECT));
    assert.equal(await connect(port, { ca: authority.certificatePem }), 'connected');
    const byName = { ca: authority.certificatePem, servername: 'fw.example.net' };
    assert.equal(await connect(port, byName), 'connected');
  });

  it('are refused by a client that does not, and under another host', async test => {
    const authority = createAuthority('test CA');
    const port = await serve(test, issueCertificate(authority, SUBJECT));
    const other = createAuthority('test CA').certificatePem;
    assert.equal(await connect(port, { ca: other }), 'CERT_SIGNATURE_FAILURE');
    const wrongHost = await connect(port, { ca: authority.certificatePem, servername: 'elsewhere.example.net' });
    assert.equal(wrongHost, 'ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('are refused once they have run out', async test => {
    const authority = createAuthority('test CA');
    const port = await serve(test, issueCertificate(authority, SUBJECT, { from: -2, until: -1 }));
    assert.equal(await connect(port, { ca: authority.certificatePem }), 'CERT_HAS_EXPIRED');
  });

  it('can sign themselves', async test => {
    const certificate = selfSignedCertificate(SUBJECT);
    const port = await serve(test, certificate);
    assert.equal(await connect(port, { ca: certificate.certificatePem }), 'connected');
    assert.equal(await connect(port, {}), 'DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('tell their fingerprint as OpenSSL does', () => {
    const certificate = selfSignedCertificate(SUBJECT);
    assert.equal(certificate.fingerprintSha256, new X509Certificate(certificate.certificatePem).fingerprint256);
  });
});

async function serve(test: TestContext, certificate: Certificate): Promise<number> {
  const server = createServer({ key: certificate.keyPem, cert: certificate.certificatePem }, (_, response) =>
    response.end(),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** `connected`, or the code of the error. */
function connect(port: number, trust: { readonly ca?: string; readonly servername?: string }): Promise<string> {
  return new Promise(resolve => {
    const call = get({ host: '127.0.0.1', port, agent: false, ...trust }, response => {
      response.resume();
      resolve('connected');
    });
    call.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
