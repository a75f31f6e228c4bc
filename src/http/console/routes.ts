import { join } from 'node:path';
import express, { Router, type ErrorRequestHandler, type Request } from 'express';
import { h } from 'preact';
import { z } from 'zod';
import { messageOf } from '../../core/errors.ts';
import { actorOf, allow } from '../access.ts';
import { failureOf } from '../failure.ts';
import type { HttpParts } from '../parts.ts';
import { casePage } from './case-page.ts';
import { renderPage, type PageFacts } from './layout.ts';
import { hasLogin, loginRoutes, orLogin } from './login.ts';
import { overview } from './overview.ts';

// A form without the plan's name approves nothing: no plan has an empty name.
const approval = z.object({ planHash: z.string() }).catch({ planHash: '' });

/** The console: pages for people, made on the server; they work without a script, and live with it. */
export function consoleRoutes(parts: HttpParts): Router {
  const assets = express.static(join(import.meta.dirname, 'assets'), { index: false, cacheControl: false });
  const operator = allow(parts, 'operator');
  const form = express.urlencoded({ extended: false, limit: 4_096 });
  const remediation = () => parts.live().remediation;
  return Router()
    .use('/assets', assets)
    .use(loginRoutes(parts, form))
    .get('/', orLogin(parts), async (request, response) => {
      const content = await overview(parts);
      response.type('html').send(renderPage(facts(parts, request, 'Overview', true), content));
    })
    .get('/cases/:id', orLogin(parts), async (request: Request<{ id: string }>, response) => {
      const history = await remediation().history(request.params.id);
      const content = casePage(history, parts.clock.now());
      response.type('html').send(renderPage(facts(parts, request, 'Case', true), content));
    })
    .post('/cases/:id/approve', operator, form, async (request: Request<{ id: string }>, response) => {
      const { planHash } = approval.parse(request.body);
      await remediation().approve(request.params.id, planHash, actorOf(request));
      response.redirect(303, `/cases/${encodeURIComponent(request.params.id)}`);
    })
    .post('/cases/:id/reject', operator, async (request: Request<{ id: string }>, response) => {
      await remediation().reject(request.params.id, actorOf(request));
      response.redirect(303, `/cases/${encodeURIComponent(request.params.id)}`);
    })
    .post('/blocks/:id/release', operator, async (request: Request<{ id: string }>, response) => {
      await remediation().release(request.params.id, actorOf(request));
      response.redirect(303, '/');
    })
    .use(errorPage(parts));
}

function facts(parts: HttpParts, request: Request, title: string, live: boolean): PageFacts {
  const { version, clock } = parts;
  return { title, version, now: clock.now(), live, loggedIn: hasLogin(parts, request) };
}

/** What went wrong, as a page: the same words as the API has. */
function errorPage(parts: HttpParts): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const { status, reason, message } = failureOf(error);
    if (status === 500) parts.log.error({ path: request.path, error: messageOf(error) }, 'request failed');
    const content = [
      h('h1', null, status === 404 ? 'There is no such thing' : 'That was not done'),
      h('p', null, reason === undefined ? null : h('strong', null, `${reason} `), message),
      h('p', null, h('a', { href: '/' }, 'Back to the overview')),
    ];
    response
      .status(status)
      .type('html')
      .send(renderPage(facts(parts, request, 'Not done', false), ...content));
  };
}
