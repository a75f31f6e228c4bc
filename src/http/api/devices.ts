import { Router } from 'express';
import type { HttpParts } from '../parts.ts';

/** `/api/v1/devices`: the configured devices and how they stood when they were last read. */
export function devicesRoutes(parts: HttpParts): Router {
  return Router().get('/devices', (_request, response) => {
    const { devices, observer } = parts.live();
    const status = new Map(observer.status().map(one => [one.name, one]));
    response.json({
      devices: devices.map(({ name, driver, addresses, remedies }) => ({
        name,
        driver,
        addresses,
        remedies,
        up: status.get(name)?.up ?? null,
        collectors: status.get(name)?.collectors ?? [],
      })),
    });
  });
}
