import type { ServerResponse } from 'node:http';
import type { Answer } from './command.ts';
import type { CallRecord } from './call-log.ts';
import type { Exchange } from './fault-effects.ts';
import type { Reply } from './replies.ts';

const CHUNK = Buffer.from('<entry><value>0</value></entry>'.repeat(512));

/** The exchange over one HTTP response. `answer` is worked out only when it is asked for, and notes go to `record`. */
export function createExchange(response: ServerResponse, record: CallRecord, answer: () => Answer): Exchange {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const begin = (reply: Reply, length?: number) => {
    record.status = reply.status;
    const headers = { 'content-type': reply.contentType };
    response.writeHead(reply.status, length === undefined ? headers : { ...headers, 'content-length': length });
  };
  return {
    type: record.type,
    gone: gone.signal,
    perform: () => {
      const { reply, effect } = answer();
      effect?.();
      record.applied = effect !== undefined;
      return reply;
    },
    pretend: () => answer().reply,
    send: reply => {
      begin(reply, Buffer.byteLength(reply.body));
      response.end(reply.body);
    },
    sendHalf: reply => {
      begin(reply, Buffer.byteLength(reply.body));
      response.write(reply.body.slice(0, Math.floor(reply.body.length / 2)), () => response.destroy());
    },
    sendEndless: bytes => {
      begin({ status: 200, body: '', contentType: 'application/xml; charset=UTF-8' });
      response.write('<response status="success"><result>');
      pour(response, bytes);
    },
    cut: () => {
      response.destroy();
    },
  };
}

function pour(response: ServerResponse, bytes: number): void {
  let left = bytes;
  while (left > 0 && !response.destroyed) {
    left -= CHUNK.length;
    if (!response.write(CHUNK)) return void response.once('drain', () => pour(response, left));
  }
  response.end();
}
