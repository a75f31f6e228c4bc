import { Router } from 'express';
import { allow } from '../access.ts';
import type { HttpParts } from '../parts.ts';
import { blocksRoutes } from './blocks.ts';
import { casesRoutes } from './cases.ts';
import { devicesRoutes } from './devices.ts';
import { eventsRoute } from './events.ts';
import { jsonBody } from './json-body.ts';
import { planRoute } from './plan.ts';

/** `/api/v1`: what the console and the command line use. For operators. */
export function apiRoutes(parts: HttpParts): Router {
  return Router().use(
    '/api/v1',
    allow(parts, 'operator'),
    (_request, response, next) => {
      response.set('Cache-Control', 'no-store');
      next();
    },
    jsonBody(),
    devicesRoutes(parts),
    blocksRoutes(parts),
    casesRoutes(parts),
    planRoute(parts),
    eventsRoute(parts),
  );
}
