import type { RequestHandler } from 'express';
import type { HttpParts } from './parts.ts';

const OWN: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not no-referrer: with it browsers send "Origin: null", and our own forms would look foreign.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Sets the headers that keep pages to their own origin, then those of the web configuration file, which win. */
export function securityHeaders(parts: HttpParts): RequestHandler {
  return (_request, response, next) => {
    response.set({ ...OWN, ...parts.web?.().headers });
    next();
  };
}
