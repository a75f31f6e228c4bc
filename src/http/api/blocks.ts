import { Router } from 'express';
import { actorOf } from '../access.ts';
import type { HttpParts } from '../parts.ts';
import { caseView } from './case-view.ts';

/** `/api/v1/blocks`: what is held now, soonest end first, and taking one back early. */
export function blocksRoutes(parts: HttpParts): Router {
  return Router()
    .get('/blocks', async (_request, response) => {
      response.json({ blocks: (await parts.live().remediation.blocks()).map(caseView) });
    })
    .post('/blocks/:id/release', async (request, response) => {
      response.json(caseView(await parts.live().remediation.release(request.params.id, actorOf(request))));
    });
}
