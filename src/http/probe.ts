import { Router, type Request, type Response } from 'express';
import { allow } from './access.ts';
import { scrapeDeadline } from './deadline.ts';
import { sendFailure } from './failure.ts';
import type { DeviceInfo, HttpParts } from './parts.ts';
import { sendProbeDebug } from './probe-debug.ts';
import { queryText } from './query.ts';
import { sendExposition } from './send-exposition.ts';

/** What a probe asks for, checked: only a configured device, and collectors that it has. */
export interface ProbeRequest {
  readonly device: DeviceInfo;
  readonly collectors: readonly string[] | undefined;
  readonly deadlineMs: number;
}

/** `GET /probe?target=NAME[&collector=a,b][&debug=true]`: one configured device, never an arbitrary address. */
export function probeRoute(parts: HttpParts): Router {
  const scrape = allow(parts, 'scrape');
  const operator = allow(parts, 'operator');
  return Router().get(
    '/probe',
    // The debug page shows configuration and log lines.
    (request, response, next) => (isDebug(request) ? operator : scrape)(request, response, next),
    async (request, response) => {
      const probe = readProbe(parts, request, response);
      if (!probe) return;
      if (isDebug(request)) return sendProbeDebug(parts, probe, response);
      const { device, collectors, deadlineMs } = probe;
      const look = { devices: [device.name], deadlineMs, ...(collectors && { collectors }) };
      await sendExposition(request, response, await parts.live().observer.observe(look));
    },
  );
}

function isDebug(request: Request): boolean {
  return request.query['debug'] === 'true';
}

/** The request, or undefined when it was answered with what is wrong in it. */
function readProbe(parts: HttpParts, request: Request, response: Response): ProbeRequest | undefined {
  const { devices, observer } = parts.live();
  const names = devices.map(device => device.name).join(', ') || 'none';
  const target = queryText(request, 'target');
  if (target === undefined) {
    const message = `target is missing: name one configured device, as ?target=NAME; configured are: ${names}`;
    return void sendFailure(response, { status: 400, error: 'bad-request', message });
  }
  const device = devices.find(candidate => candidate.name === target);
  if (!device) {
    const message = `${JSON.stringify(target.slice(0, 100))} is not a configured device; configured are: ${names}`;
    return void sendFailure(response, { status: 404, error: 'unknown-device', message });
  }
  const collectors = queryText(request, 'collector')?.split(',');
  const has = observer.devices.find(({ name }) => name === device.name)?.collectors.map(({ name }) => name) ?? [];
  const strange = collectors?.find(name => !has.includes(name));
  if (strange !== undefined) {
    const message = `${device.name} has no collector ${JSON.stringify(strange.slice(0, 100))}; it has: ${has.join(', ')}`;
    return void sendFailure(response, { status: 400, error: 'unknown-collector', message });
  }
  return { device, collectors, deadlineMs: scrapeDeadline(request.get('x-prometheus-scrape-timeout-seconds')) };
}
