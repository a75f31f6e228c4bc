import { Router } from 'express';
import { allow } from './access.ts';
import { scrapeDeadline } from './deadline.ts';
import { sendFailure } from './failure.ts';
import type { HttpParts } from './parts.ts';
import { sendExposition } from './send-exposition.ts';

/** `GET /metrics`: the service itself and every configured device; `?scope=self` leaves the devices out. */
export function metricsRoute(parts: HttpParts): Router {
  return Router().get('/metrics', allow(parts, 'scrape'), async (request, response) => {
    const { scope } = request.query;
    if (scope !== undefined && scope !== 'self') {
      const message = 'scope can only be "self"; leave it away for the service and every device';
      return sendFailure(response, { status: 400, error: 'bad-request', message });
    }
    const deadlineMs = scrapeDeadline(request.get('x-prometheus-scrape-timeout-seconds'));
    const devices = scope === 'self' ? [] : await parts.live().observer.observe({ deadlineMs });
    await sendExposition(request, response, [...(await parts.metrics.families()), ...devices]);
  });
}
