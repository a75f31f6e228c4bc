import { Router } from 'express';
import { z } from 'zod';
import { parseTarget, type Target } from '../../core/target.ts';
import { sendFailure } from '../failure.ts';
import type { HttpParts } from '../parts.ts';
import { planView } from './case-view.ts';
import { readBody } from './json-body.ts';

const question = z.strictObject({
  remedy: z.string().min(1).max(100),
  device: z.string().min(1).max(63),
  target: z.strictObject({ kind: z.enum(['address', 'user', 'group', 'peer']), value: z.string() }).optional(),
});

/** `POST /api/v1/plan`: what a remedy would do now. Reads the device, changes nothing. */
export function planRoute(parts: HttpParts): Router {
  return Router().post('/plan', async (request, response) => {
    const body = readBody(question, request);
    if (!body) return;
    const target = toTarget(body.target);
    if (!target) {
      const message = `target.value: ${JSON.stringify(body.target?.value.slice(0, 100))} is not an ${body.target?.kind}`;
      return sendFailure(response, { status: 400, error: 'bad-request', message });
    }
    const known = parts.live().devices.map(device => device.name);
    if (!known.includes(body.device)) {
      const message = `${JSON.stringify(body.device)} is not a configured device; configured are: ${known.join(', ') || 'none'}`;
      return sendFailure(response, { status: 404, error: 'unknown-device', message });
    }
    const preview = await parts.live().remediation.preview(body.remedy, body.device, target);
    response.json(preview.kind === 'plan' ? { ...preview, plan: planView(preview.plan) } : preview);
  });
}

function toTarget(given: z.output<typeof question>['target']): Target | undefined {
  return given === undefined ? { kind: 'device' } : parseTarget(given.kind, given.value);
}
