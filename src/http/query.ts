import type { Request } from 'express';

/** A query parameter that may be given once. Undefined when it is absent, given twice or empty. */
export function queryText(request: Request, name: string): string | undefined {
  const value: unknown = request.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
