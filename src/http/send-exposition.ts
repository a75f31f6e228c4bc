import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { CONTENT_TYPES, writeExposition, type Format } from '../observe/exposition.ts';
import type { Family } from '../observe/family.ts';

/** Sends families in the format and encoding that the client takes, as they are written. */
export async function sendExposition(request: Request, response: Response, families: Iterable<Family>): Promise<void> {
  const format = acceptedFormat(request.get('accept') ?? '');
  response.status(200).set('Content-Type', CONTENT_TYPES[format]).set('Vary', 'Accept, Accept-Encoding');
  if (request.method === 'HEAD') return void response.end();
  const text = Readable.from(writeExposition(families, format));
  if (request.acceptsEncodings('gzip', 'identity') !== 'gzip') return ignoreHangUp(pipeline(text, response));
  response.set('Content-Encoding', 'gzip');
  await ignoreHangUp(pipeline(text, createGzip({ level: 4 }), response));
}

/**
 * OpenMetrics 1.0 when the Accept header prefers it, else the text format. Prometheus 2 and 3 name OpenMetrics with
 * versions and weights; a browser or curl does not name it at all.
 */
export function acceptedFormat(accept: string): Format {
  let best = { format: 'text' as Format, weight: 0 };
  for (const range of accept.split(',')) {
    const [type, ...parameters] = range.split(';').map(part => part.trim().toLowerCase());
    const read = (name: string) => parameters.find(text => text.startsWith(`${name}=`))?.slice(name.length + 1);
    const format = formatOf(type, read('version'));
    const weight = Number(read('q') ?? 1);
    if (format !== undefined && weight > best.weight) best = { format, weight };
  }
  return best.format;
}

function formatOf(type: string | undefined, version: string | undefined): Format | undefined {
  if (type === 'application/openmetrics-text') {
    return version === undefined || version === '1.0.0' ? 'openmetrics' : undefined;
  }
  if (type === 'text/plain') return version === undefined || version === '0.0.4' ? 'text' : undefined;
  return undefined;
}

// A scraper that hangs up in the middle of its page is not our error.
async function ignoreHangUp(sent: Promise<void>): Promise<void> {
  try {
    await sent;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  }
}
