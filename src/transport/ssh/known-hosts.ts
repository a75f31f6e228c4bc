import { createHmac } from 'node:crypto';

/** `known`: the key stands there; `other`: only other keys stand there for this host; `unknown`: no entry. */
export type KnownHostsAnswer = 'known' | 'other' | 'unknown' | 'revoked';

/**
 * Looks a host key up in a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): plain, `[host]:port`, wildcard,
 * negated and hashed names, `@revoked`. `@cert-authority` lines are passed over, since certificates are not offered.
 */
export function lookUp(
  knownHosts: string,
  place: { readonly host: string; readonly port: number },
  key: Buffer,
): KnownHostsAnswer {
  const name = place.port === 22 ? place.host : `[${place.host}]:${place.port}`;
  const blob = key.toString('base64');
  let answer: KnownHostsAnswer = 'unknown';
  for (const line of knownHosts.split(/\r?\n/)) {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') === true ? fields.shift() : undefined;
    const [names, , found] = fields;
    if (names === undefined || found === undefined || names.startsWith('#')) continue;
    if (marker === '@cert-authority' || !matches(names, name)) continue;
    if (marker === '@revoked') {
      if (found === blob) return 'revoked';
      continue;
    }
    if (found === blob) answer = 'known';
    else if (answer === 'unknown') answer = 'other';
  }
  return answer;
}

function matches(patterns: string, name: string): boolean {
  if (patterns.startsWith('|1|')) return matchesHash(patterns, name);
  let matched = false;
  for (const pattern of patterns.split(',')) {
    const negated = pattern.startsWith('!');
    if (!wildcard(negated ? pattern.slice(1) : pattern).test(name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function matchesHash(hashed: string, name: string): boolean {
  const [, , salt, expected] = hashed.split('|');
  if (salt === undefined || expected === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === expected;
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
}
