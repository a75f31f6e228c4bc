import { Router } from 'express';
import { allow } from './access.ts';
import { sendFailure } from './failure.ts';
import { maskedYaml } from './masked-yaml.ts';
import type { HttpParts } from './parts.ts';

/** `/-/healthy`, `/-/ready`, `/-/reload` and `/config`, as exporters have them. The first two are open to all. */
export function serviceRoutes(parts: HttpParts): Router {
  const operator = allow(parts, 'operator');
  return Router()
    .get('/-/healthy', (_request, response) => {
      response.type('text').send('unclog is healthy\n');
    })
    .get('/-/ready', (_request, response) => {
      const ready = parts.isReady() && !parts.isDraining();
      if (ready) return void response.type('text').send('unclog is ready\n');
      response
        .status(503)
        .type('text')
        .send(parts.isDraining() ? 'unclog stops\n' : 'unclog is not ready yet\n');
    })
    .post('/-/reload', operator, async (_request, response) => {
      await parts.reload();
      response.json({ reloaded: true });
    })
    .all('/-/reload', (_request, response) => {
      response.set('Allow', 'POST');
      sendFailure(response, { status: 405, error: 'bad-method', message: 'reload takes POST' });
    })
    .get('/config', operator, (_request, response) => {
      response.set('Cache-Control', 'no-store').type('text').send(maskedYaml(parts.live().config));
    });
}
