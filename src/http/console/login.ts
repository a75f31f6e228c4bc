import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { allow, mayUse } from '../access.ts';
import { endedSessionCookie, hasSession, sessionCookie } from '../console-session.ts';
import { equalInConstantTime } from '../constant-time.ts';
import type { HttpParts } from '../parts.ts';
import { isSameOrigin } from '../same-origin.ts';
import { renderPage } from './layout.ts';
import { loginPage } from './login-page.ts';

const login = z.object({ token: z.string() });

/** `/login` and `/logout`: the operator token for a session cookie. */
export function loginRoutes(parts: HttpParts, form: RequestHandler): Router {
  const page = (problem?: string) =>
    renderPage(
      { title: 'Log in', version: parts.version, now: parts.clock.now(), live: false, loggedIn: false },
      loginPage(problem),
    );
  return Router()
    .get('/login', (_request, response) => {
      if (!parts.live().tokens.operator) return response.redirect(303, '/');
      response.type('html').send(page());
    })
    .post('/login', form, (request, response) => {
      const { operator } = parts.live().tokens;
      const given = login.safeParse(request.body);
      if (!isSameOrigin(request)) return void response.status(403).type('html').send(page('Log in from this page.'));
      if (!operator || !given.success || !equalInConstantTime(given.data.token, operator.reveal())) {
        parts.log.warn({ from: request.socket.remoteAddress }, 'login to the console refused');
        return void response.status(401).type('html').send(page('This is not the operator token.'));
      }
      response.append('Set-Cookie', sessionCookie(operator, parts.clock.now(), request.secure));
      response.redirect(303, '/');
    })
    .post('/logout', (request, response) => {
      if (isSameOrigin(request)) response.append('Set-Cookie', endedSessionCookie(request.secure));
      response.redirect(303, '/login');
    });
}

/** Shows the login page instead, where a login helps. */
export function orLogin(parts: HttpParts): RequestHandler<{ id: string }> {
  const operator = allow(parts, 'operator');
  return async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    const asksForLogin = parts.live().tokens.operator !== undefined && request.get('authorization') === undefined;
    if (asksForLogin && !(await mayUse(parts, 'operator', request))) return response.redirect(303, '/login');
    await operator(request, response, next);
  };
}

export function hasLogin(parts: HttpParts, request: Request): boolean {
  const { operator } = parts.live().tokens;
  return operator !== undefined && hasSession(request.get('cookie'), operator, parts.clock.now());
}
