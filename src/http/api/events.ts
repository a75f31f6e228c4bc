import { Router, type Response } from 'express';
import type { Happening } from '../../core/bus.ts';
import { sendFailure } from '../failure.ts';
import type { HttpParts } from '../parts.ts';
import { caseView, eventView } from './case-view.ts';

const CLIENTS_MAX = 50;
const HEARTBEAT_MS = 15_000;
/** A client that reads so slowly that this much waits for it is cut off; the browser comes again by itself. */
const WAITING_MAX = 1024 * 1024;

/**
 * `GET /api/v1/events`: what happens, as server-sent events (HTML Living Standard, section 9.2) named `alert`, `case` and
 * `reload`, from now on. A comment every 15 s keeps proxies from closing the stream.
 */
export function eventsRoute(parts: HttpParts): Router {
  const clients = new Set<Response>();
  parts.bus.watch(happening => {
    if (clients.size === 0) return;
    const text = eventText(happening);
    for (const client of clients) send(client, text);
  });
  parts.closing?.addEventListener('abort', () => clients.forEach(client => client.end()));
  return Router().get('/events', (request, response) => {
    if (clients.size >= CLIENTS_MAX) {
      const message = `${CLIENTS_MAX} clients watch already; close one of them`;
      return sendFailure(response, { status: 503, error: 'too-many-clients', message });
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write('retry: 3000\n\n');
    if (request.method === 'HEAD') return void response.end();
    clients.add(response);
    const gone = new AbortController();
    response.once('close', () => {
      clients.delete(response);
      gone.abort(new Error('the client has gone'));
    });
    void beat(parts, response, gone.signal);
  });
}

/** The lines of one server-sent event. JSON holds no line break, so one data line is enough. */
export function eventText(happening: Happening): string {
  return `event: ${happening.kind}\ndata: ${JSON.stringify(view(happening))}\n\n`;
}

function view(happening: Happening): object {
  if (happening.kind !== 'case') return happening;
  const { at, case: subject, event } = happening;
  return { kind: 'case', at, case: caseView(subject), event: eventView(event) };
}

async function beat({ clock }: HttpParts, client: Response, gone: AbortSignal): Promise<void> {
  while (!gone.aborted) {
    await clock.sleep(HEARTBEAT_MS, gone).catch(() => undefined);
    if (!gone.aborted) send(client, ': still here\n\n');
  }
}

function send(client: Response, text: string): void {
  if (client.writableLength > WAITING_MAX) client.destroy();
  else client.write(text);
}
