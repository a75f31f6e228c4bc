import { Router } from 'express';
import { z } from 'zod';
import type { Remediation } from '../../remediate/contract.ts';
import { actorOf } from '../access.ts';
import { sendFailure } from '../failure.ts';
import type { HttpParts } from '../parts.ts';
import { caseView, historyView } from './case-view.ts';
import { readBody } from './json-body.ts';

const approval = z.strictObject({
  planHash: z.string().regex(/^[0-9a-f]{16}$/, 'the 16 hex digits of the plan shown'),
});

const listing = z.strictObject({
  device: z.string().optional(),
  remedy: z.string().optional(),
  state: z
    .enum([
      'received',
      'refused',
      'not-needed',
      'planned',
      'awaiting-approval',
      'intended',
      'applied',
      'verified',
      'unverified',
      'holding',
      'releasing',
      'released',
      'failed',
    ])
    .optional(),
  open: z.enum(['true', 'false']).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** `/api/v1/cases`: list, history, approve, reject. */
export function casesRoutes(parts: HttpParts): Router {
  return Router()
    .get('/cases', async (request, response) => {
      const read = listing.safeParse(request.query);
      if (!read.success) {
        const message = read.error.issues
          .map(issue => `${issue.path.join('.') || 'query'}: ${issue.message}`)
          .join('; ');
        return sendFailure(response, { status: 400, error: 'bad-request', message });
      }
      const cases = await parts.live().remediation.cases(toQuery(read.data));
      response.json({ cases: cases.map(caseView) });
    })
    .get('/cases/:id', async (request, response) => {
      response.json(historyView(await parts.live().remediation.history(request.params.id)));
    })
    .post('/cases/:id/approve', async (request, response) => {
      const body = readBody(approval, request);
      if (!body) return;
      const subject = await parts.live().remediation.approve(request.params.id, body.planHash, actorOf(request));
      response.json(caseView(subject));
    })
    .post('/cases/:id/reject', async (request, response) => {
      response.json(caseView(await parts.live().remediation.reject(request.params.id, actorOf(request))));
    });
}

function toQuery({
  device,
  remedy,
  state,
  open,
  limit,
}: z.output<typeof listing>): Parameters<Remediation['cases']>[0] {
  return {
    limit,
    ...(device !== undefined && { device }),
    ...(remedy !== undefined && { remedy }),
    ...(state !== undefined && { states: [state] }),
    ...(open === 'true' && { open: true }),
  };
}
