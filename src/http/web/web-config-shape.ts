import { z } from 'zod';

/** Names of TLS versions as in Go, which the format comes from. */
const VERSIONS = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

const version = z.enum(['TLS12', 'TLS13']).transform(name => VERSIONS[name]);

const tlsServerConfig = z
  .strictObject({
    cert_file: z.string().min(1),
    key_file: z.string().min(1),
    client_auth_type: z
      .enum([
        'NoClientCert',
        'RequestClientCert',
        'RequireAnyClientCert',
        'VerifyClientCertIfGiven',
        'RequireAndVerifyClientCert',
      ])
      .default('NoClientCert'),
    client_ca_file: z.string().min(1).optional(),
    client_allowed_sans: z.array(z.string().min(1)).default([]),
    min_version: version.default('TLSv1.2'),
    max_version: version.default('TLSv1.3'),
  })
  .superRefine((tls, context) => {
    const verifies = tls.client_auth_type.includes('Verify');
    if (verifies && tls.client_ca_file === undefined) {
      const message = `missing; ${tls.client_auth_type} needs the authority that clients are verified with`;
      context.addIssue({ code: 'custom', path: ['client_ca_file'], message });
    }
    if (!verifies && tls.client_ca_file !== undefined) {
      const message = `${tls.client_auth_type} verifies no client: use RequireAndVerifyClientCert, or leave the file away`;
      context.addIssue({ code: 'custom', path: ['client_ca_file'], message });
    }
    if (tls.client_allowed_sans.length > 0 && tls.client_auth_type !== 'RequireAndVerifyClientCert') {
      const message = 'only RequireAndVerifyClientCert can hold clients to these names';
      context.addIssue({ code: 'custom', path: ['client_allowed_sans'], message });
    }
    if (tls.min_version > tls.max_version) {
      context.addIssue({ code: 'custom', path: ['max_version'], message: 'is below min_version' });
    }
  });

export type TlsShape = z.output<typeof tlsServerConfig>;

const headerName = z.string().regex(/^[A-Za-z0-9-]+$/, 'is not the name of a header');
const headerValue = z.string().regex(/^[\x20-\x7e]*$/, 'a header holds printable ASCII only');
const bcryptHash = z
  .string()
  .regex(/^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/, 'is not a bcrypt hash, as htpasswd -nBC 10 "" makes it');

/**
 * The web configuration file of Prometheus's exporter-toolkit (docs/web-configuration.md there). Cipher suites, curves,
 * HTTP/2 and rate limits are not offered, and refused rather than passed over.
 */
export const webConfigShape = z.strictObject({
  tls_server_config: tlsServerConfig.optional(),
  http_server_config: z
    .strictObject({
      headers: z.record(headerName, headerValue).default({}),
      http2: z.literal(false, 'HTTP/2 is not offered: set it to false, or leave it away').optional(),
    })
    .optional(),
  basic_auth_users: z.record(z.string().regex(/^[^:]+$/, 'a user name holds no colon'), bcryptHash).optional(),
});
