import { json, type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import { sendFailure } from '../failure.ts';

/** Parses a small JSON body, whatever its Content-Type says. An empty body is `{}`. */
export function jsonBody(): RequestHandler {
  return json({ type: () => true, limit: 64 * 1024, inflate: false });
}

/** The body in the given shape, or undefined when the request was answered with what is wrong in it. */
export function readBody<T>(shape: z.ZodType<T>, request: Request): T | undefined {
  const body: unknown = request.body ?? {};
  const read = shape.safeParse(body);
  if (read.success) return read.data;
  const message = read.error.issues.map(issue => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
  if (request.res) sendFailure(request.res, { status: 400, error: 'bad-request', message });
  return undefined;
}
