/** Where a device listens. */
export interface SshAddress {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { ssh: 22, netconf: 830 };

/**
 * Reads `ssh://host[:port]` or `netconf://host[:port]`. Undefined when it is neither, or carries a user, a path or
 * anything else that would be ignored.
 */
export function parseSshAddress(text: string): SshAddress | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = url?.protocol.slice(0, -1) ?? '';
  const defaultPort = DEFAULT_PORTS[scheme];
  if (!url || defaultPort === undefined || url.hostname === '') return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  if (url.pathname !== '' && url.pathname !== '/') return undefined;
  return {
    scheme,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? defaultPort : Number(url.port),
  };
}
