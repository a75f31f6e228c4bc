/** What each kind of fault does to a call. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { failure, invalidCredential, notAuthorizedDuringCommit, type Reply, sessionTimedOut } from './replies.ts';

/** One call on the wire, as a fault sees it. */
export interface Exchange {
  /** The API type of the call. */
  readonly type: string;
  /** Does what the call means, if it changes anything, and returns the true reply. */
  perform(): Reply;
  /** The reply that `perform` would give; nothing is changed. */
  pretend(): Reply;
  send(reply: Reply): void;
  /** Sends the status and half of the body, then cuts the connection. */
  sendHalf(reply: Reply): void;
  /** Sends a body of that many bytes that never becomes a finished document. */
  sendEndless(bytes: number): void;
  /** Cuts the connection without a word more. */
  cut(): void;
  /** Aborts when the client has gone or the simulator stops. */
  readonly gone: AbortSignal;
}

const HUGE_BYTES = 64 * 1_024 * 1_024;

const HTML_PAGE = `<!DOCTYPE html>
<html><head><title>503 Service Unavailable</title></head>
<body><h1>Service Unavailable</h1><p>The management server is not ready.<br></body></html>`;

/** Meets the call with the fault. Resolves when nothing more will be sent. */
export async function applyFault(fault: Fault, exchange: Exchange): Promise<void> {
  switch (fault.kind) {
    case 'slow':
      await wait(fault.ms, exchange.gone);
      return exchange.gone.aborted ? undefined : exchange.send(exchange.perform());
    case 'reply':
      return exchange.send({ status: fault.status, body: fault.body, contentType: 'application/xml; charset=UTF-8' });
    case 'huge':
      return exchange.sendEndless(fault.bytes ?? HUGE_BYTES);
    case 'hang':
      return;
    case 'commit-window':
      return exchange.send(notAuthorizedDuringCommit(exchange.type));
    case 'invalid-credential':
      return exchange.send(invalidCredential());
    case 'session-timeout':
      return exchange.send(sessionTimedOut());
    case 'denied':
      return exchange.send(failure(15, 'Operation denied'));
    case 'unauthorized':
      return exchange.send(failure(16, 'Unauthorized request'));
    case 'invalid-command':
      return exchange.send(failure(17, 'Invalid command'));
    case 'malformed':
      return exchange.send(changed(exchange.perform(), body => body.replace(/<\/([\w.-]+)>(<\/[\w.-]+>)$/, '$2</$1>')));
    case 'truncated':
      return exchange.send(changed(exchange.perform(), body => body.slice(0, Math.floor(body.length * 0.6))));
    case 'empty':
      return exchange.send(changed(exchange.perform(), () => ''));
    case 'html':
      return exchange.send({ status: 503, body: HTML_PAGE, contentType: 'text/html; charset=UTF-8' });
    case 'server-error':
      return exchange.send({ status: 500, body: 'Internal Server Error', contentType: 'text/plain' });
    case 'reset-before':
      return exchange.cut();
    case 'reset-after':
      exchange.perform();
      return exchange.cut();
    case 'reset-midway':
      return exchange.sendHalf(exchange.perform());
    case 'ignored':
      return exchange.send(exchange.pretend());
  }
}

function changed(reply: Reply, change: (body: string) => string): Reply {
  return { ...reply, body: change(reply.body) };
}

// The wire's own time: a slow reply is slow for a client with a real clock, whatever time the simulator plays.
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
