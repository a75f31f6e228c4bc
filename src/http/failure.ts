import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { ConfigError, Refusal, UnclogError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

/** How every request that fails is answered, as JSON. */
export interface Failure {
  readonly status: number;
  /** A short closed word for programs. */
  readonly error: string;
  /** The reason of a refusal. */
  readonly reason?: string;
  /** For people: what was wrong, and what to change. */
  readonly message: string;
}

export function sendFailure(response: Response, { status, ...body }: Failure): void {
  response.status(status).json(body);
}

export const notFound: RequestHandler = (request, response) => {
  const message = `there is nothing at ${request.method} ${request.path.slice(0, 200)}`;
  sendFailure(response, { status: 404, error: 'not-found', message });
};

/** The last handler: whatever was thrown becomes an answer. What is our own fault goes to the log, not to the client. */
export function answerErrors(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const failure = failureOf(error);
    if (failure.status === 500) {
      log.error({ method: request.method, path: request.path, error: messageOf(error) }, 'request failed');
    }
    sendFailure(response, failure);
  };
}

export function failureOf(error: unknown): Failure {
  const message = messageOf(error);
  if (error instanceof Refusal) {
    const status = error.reason.startsWith('unknown-') ? 404 : 409;
    return { status, error: error.code, reason: error.reason, message };
  }
  if (error instanceof ConfigError) return { status: 422, error: error.code, message };
  if (error instanceof UnclogError && error.code !== 'bug') return { status: 502, error: error.code, message };
  const status = clientStatus(error);
  if (status !== undefined) return { status, error: 'bad-request', message };
  return { status: 500, error: 'internal', message: 'the service failed on this request; its log tells more' };
}

/** The status that Express or its body parser gave an error for which the client is to blame. */
function clientStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}
