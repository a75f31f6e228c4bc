import type { Request } from 'express';

/**
 * Whether a request comes from a page of our own, or from no browser at all. A browser sends along what opens the door
 * (a cookie, a basic-auth password, its place on loopback) also when a foreign page asks it to; it tells so in
 * Sec-Fetch-Site and Origin, and no page can forge these.
 */
export function isSameOrigin(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('origin');
  if (origin === undefined) return true;
  const host = request.get('host');
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
