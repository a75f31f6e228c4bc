import { raw, Router, type RequestHandler } from 'express';
import { messageOf } from '../core/errors.ts';
import { allow } from './access.ts';
import { failureOf, sendFailure } from './failure.ts';
import { parseNotification, type Notification } from './notification.ts';
import type { HttpParts } from './parts.ts';

/** 5,000 alerts in one group were seen to make 2.6 MB. */
export const WEBHOOK_BODY_MAX = 16 * 1024 * 1024;
const UNUSABLE_LOGGED = 10;

/**
 * `POST /webhook`: Alertmanager's webhook, version 4. 200 when the alerts are durable, before anything is done about
 * them; 503 when they could not be stored or the service stops, which makes Alertmanager try again at once. Never 429 or
 * 3xx (facts: Alertmanager, delivery): 4xx is only sent again at the next group interval, and a redirect drops the body.
 */
export function webhookRoute(parts: HttpParts): Router {
  return Router().post(
    '/webhook',
    countRequests(parts),
    allow(parts, 'webhook'),
    refuseWhileDraining(parts),
    readBody(),
    receive(parts),
  );
}

function receive(parts: HttpParts): RequestHandler {
  return async (request, response) => {
    const content: unknown = request.body;
    const notification = parseNotification(content instanceof Uint8Array ? content : new Uint8Array());
    if (typeof notification === 'string') {
      parts.log.warn({ problem: notification }, 'webhook body refused');
      return sendFailure(response, { status: 400, error: 'bad-notification', message: notification });
    }
    tellLosses(parts, notification);
    try {
      const intake = await parts.live().remediation.receive(notification.alerts);
      const unusable = intake.unusable + notification.unusable.length;
      response.status(200).json({ ...intake, unusable, truncated: notification.truncated });
    } catch (error) {
      parts.log.error({ error: messageOf(error), alerts: notification.alerts.length }, 'alerts could not be stored');
      const message = 'the alerts could not be stored; send them again';
      sendFailure(response, { status: 503, error: 'not-stored', message });
    }
  };
}

function countRequests(parts: HttpParts): RequestHandler {
  return (_request, response, next) => {
    response.once('finish', () => parts.metrics.webhookRequests.inc({ code: String(response.statusCode) }));
    next();
  };
}

function refuseWhileDraining(parts: HttpParts): RequestHandler {
  return (_request, response, next) => {
    if (!parts.isDraining()) return next();
    sendFailure(response, { status: 503, error: 'draining', message: 'the service stops; send the alerts again' });
  };
}

function readBody(): RequestHandler {
  const read = raw({ type: () => true, limit: WEBHOOK_BODY_MAX, inflate: false });
  return (request, response, next) => {
    read(request, response, (error?: unknown) => {
      if (error === undefined || failureOf(error).status !== 413) return next(error);
      const length = request.get('content-length') ?? 'too many';
      const message = `the body has ${length} bytes, ${WEBHOOK_BODY_MAX} are allowed: set max_alerts, or group by more labels`;
      sendFailure(response, { status: 413, error: 'body-too-large', message });
    });
  };
}

function tellLosses(parts: HttpParts, { alerts, unusable, truncated }: Notification): void {
  if (truncated > 0) {
    parts.metrics.alertsTruncated.inc(truncated);
    parts.log.warn({ truncated, alerts: alerts.length }, 'Alertmanager cut alerts from a notification (max_alerts)');
  }
  for (const { reason } of unusable) parts.metrics.alertsUnusable.inc({ reason });
  for (const { index, reason, detail } of unusable.slice(0, UNUSABLE_LOGGED)) {
    parts.log.warn({ index, reason, detail, unusable: unusable.length }, 'alert left out of a notification');
  }
}
