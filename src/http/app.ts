import express, { type Express } from 'express';
import { consoleRoutes } from './console/routes.ts';
import { answerErrors, notFound } from './failure.ts';
import { apiRoutes } from './api/api.ts';
import { metricsRoute } from './metrics.ts';
import type { HttpParts } from './parts.ts';
import { probeRoute } from './probe.ts';
import { sdRoute } from './sd.ts';
import { securityHeaders } from './security-headers.ts';
import { serviceRoutes } from './service.ts';
import { webhookRoute } from './webhook.ts';

/** Everything that unclog answers over HTTP (docs/HTTP.md), as one Express application that listens nowhere yet. */
export function createHttpApp(parts: HttpParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(securityHeaders(parts));
  app.use(metricsRoute(parts), probeRoute(parts), sdRoute(parts), webhookRoute(parts), serviceRoutes(parts));
  app.use(apiRoutes(parts), consoleRoutes(parts));
  app.use(notFound, answerErrors(parts.log));
  return app;
}
