import { Router } from 'express';
import { allow } from './access.ts';
import type { HttpParts } from './parts.ts';

/** `GET /sd`: the devices as Prometheus's http_sd reads them; each target is the name that `/probe` takes. */
export function sdRoute(parts: HttpParts): Router {
  return Router().get('/sd', allow(parts, 'scrape'), (_request, response) => {
    response.json(
      parts.live().devices.map(({ name, driver }) => ({
        targets: [name],
        labels: { __meta_unclog_device: name, __meta_unclog_driver: driver },
      })),
    );
  });
}
