import { z } from 'zod';

/**
 * A device address for HTTPS: `https://192.0.2.11` or `https://fw.example:8443`. Everything else that a URL may carry
 * (user, path, query) would be ignored or, worse, logged, so it is refused.
 */
export function httpsAddress() {
  return z.url().superRefine((text, context) => {
    const problem = addressProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: `found "${text}"; ${problem}` });
  });
}

/** `192.0.2.11`, or `192.0.2.11:8443` where another address of the device has the same host. */
export function memberNames(addresses: readonly string[]): readonly string[] {
  const urls = addresses.map(address => new URL(address));
  return urls.map(url => {
    const shared = urls.filter(other => other.hostname === url.hostname).length > 1;
    return shared ? `${url.hostname}:${url.port === '' ? '443' : url.port}` : url.hostname;
  });
}

function addressProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:') return 'https:// is expected, because credentials travel over it';
  if (url.username !== '' || url.password !== '') return 'credentials belong under credentials:, not in the address';
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return 'scheme, host and port are allowed';
  return undefined;
}
