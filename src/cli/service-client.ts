import { request } from 'undici';
import { messageOf, Refusal } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Secret } from '../core/secret.ts';

/** Where the running service listens, and the operator token where it asks for one. */
export interface ServiceAddress {
  readonly url: string;
  readonly token?: Secret;
}

const ANSWER_MAX = 1_000_000;

/** Asks the running service for a change. Throws Refusal with the service's own words when it says no. */
export async function postToService(service: ServiceAddress, path: string, body: Json): Promise<unknown> {
  const headers = {
    'content-type': 'application/json',
    ...(service.token === undefined ? {} : { authorization: `Bearer ${service.token.reveal()}` }),
  };
  const answer = await send(new URL(path, service.url), headers, JSON.stringify(body));
  if (answer.status < 300) return answer.body;
  const { reason, message } = (answer.body ?? {}) as { reason?: unknown; message?: unknown };
  const words = typeof message === 'string' ? message : `the service at ${service.url} answered ${answer.status}`;
  throw new Refusal(typeof reason === 'string' ? reason : 'service-refused', words);
}

async function send(
  url: URL,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; body: unknown }> {
  try {
    const reply = await request(url, { method: 'POST', headers, body, headersTimeout: 90_000, bodyTimeout: 90_000 });
    const text = (await reply.body.text()).slice(0, ANSWER_MAX);
    return { status: reply.statusCode, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch (error) {
    throw new Refusal(
      'service-unreachable',
      `no answer from ${url.origin} (is unclog serve running there?): ${messageOf(error)}`,
    );
  }
}
