import type { Request, RequestHandler, Response } from 'express';
import { hasSession } from './console-session.ts';
import { equalInConstantTime } from './constant-time.ts';
import { sendFailure, type Failure } from './failure.ts';
import { hostOf, isLoopback } from './loopback.ts';
import type { HttpParts, Scope } from './parts.ts';
import { isSameOrigin } from './same-origin.ts';

/** Who a request is from, for the ledger: `operator (console) from 192.0.2.5`. */
const actors = new WeakMap<Request, string>();

type Decision = { readonly actor: string } | { readonly denied: Failure; readonly challenge?: string };

/** Lets a request pass when it may use the scope; answers 401 or 403 when not, before its body is read. */
export function allow(parts: HttpParts, scope: Scope): RequestHandler {
  return async (request, response, next) => {
    const decision = await decide(parts, scope, request);
    if ('actor' in decision) {
      actors.set(request, `${decision.actor} from ${request.socket.remoteAddress ?? 'unknown'}`);
      return next();
    }
    deny(response, decision);
  };
}

/** Whether the request may use the scope; answers nothing. */
export async function mayUse(parts: HttpParts, scope: Scope, request: Request): Promise<boolean> {
  return 'actor' in (await decide(parts, scope, request));
}

/** Who was let in. */
export function actorOf(request: Request): string {
  return actors.get(request) ?? 'unknown';
}

async function decide(parts: HttpParts, scope: Scope, request: Request): Promise<Decision> {
  const token = parts.live().tokens[scope];
  const [scheme, credentials = ''] = (request.get('authorization') ?? '').split(/ +/, 2);
  if (scheme?.toLowerCase() === 'bearer') {
    if (token && equalInConstantTime(credentials, token.reveal())) return { actor: `${scope} (token)` };
    return unauthorized(token ? `the ${scope} token is wrong` : noToken(scope));
  }
  // From here on the browser itself may have opened the door, for whatever page asked it to.
  if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request)) {
    return forbidden('a page of another origin may not send this; use this console, or a bearer token');
  }
  if (scope === 'operator' && token && hasSession(request.get('cookie'), token, parts.clock.now())) {
    return { actor: 'operator (console)' };
  }
  const web = parts.web?.();
  // An operator token, where there is one, is the only way to be an operator.
  if (web?.hasUsers && !(scope === 'operator' && token)) return decideBasic(web, scheme, credentials);
  if (token) return unauthorized(`the ${scope} token is missing: send it as "Authorization: Bearer …"`);
  return isLocal(request) ? { actor: `${scope} (loopback)` } : forbidden(noToken(scope));
}

async function decideBasic(
  web: NonNullable<ReturnType<NonNullable<HttpParts['web']>>>,
  scheme: string | undefined,
  credentials: string,
): Promise<Decision> {
  const challenge = 'Basic realm="unclog", charset="UTF-8"';
  if (scheme?.toLowerCase() !== 'basic') return unauthorized('a user and password are needed', challenge);
  const [user = '', ...password] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  if (await web.admits(user, password.join(':'))) return { actor: `user ${JSON.stringify(user)}` };
  return unauthorized('the user or the password is wrong', challenge);
}

/** From this machine, and asked for by a name of this machine: a name that was re-bound to 127.0.0.1 does not count. */
function isLocal(request: Request): boolean {
  const host = hostOf(request.get('host'));
  return isLoopback(request.socket.remoteAddress ?? '') && host !== undefined && isLoopback(host);
}

function noToken(scope: Scope): string {
  return `no ${scope} token is configured, so only loopback may use this: set server.${scope}_token_file`;
}

function unauthorized(message: string, challenge = 'Bearer realm="unclog"'): Decision {
  return { denied: { status: 401, error: 'unauthorized', message }, challenge };
}

function forbidden(message: string): Decision {
  return { denied: { status: 403, error: 'forbidden', message } };
}

function deny(response: Response, decision: Exclude<Decision, { actor: string }>): void {
  if (decision.challenge !== undefined) response.set('WWW-Authenticate', decision.challenge);
  sendFailure(response, decision.denied);
}
