import type { Part } from '../flows/conversation.ts';

const LONGEST_LINE = 4096;

/** What a stretch of a chunked body holds: bytes used, and whether the body ended with them. */
export interface Chunks {
  readonly used: number;
  readonly state: 'inside' | 'ended' | 'broken';
}

/** Steps over a chunked body (RFC 9112, section 7.1) without keeping any of it. Incomplete lines are left unused. */
export function stepOverChunks(part: Part, bytes: Buffer, start: number, end: number): Chunks {
  let at = start;
  while (at < end) {
    if (part.left > 0) {
      const step = Math.min(part.left, end - at);
      part.left -= step;
      at += step;
      continue;
    }
    const length = bytes.subarray(at, Math.min(end, at + LONGEST_LINE)).indexOf(0x0a);
    if (length === -1) return { used: at - start, state: end - at >= LONGEST_LINE ? 'broken' : 'inside' };
    const line = bytes.toString('latin1', at, at + length).trim();
    at += length + 1;
    if (part.trailer) {
      if (line === '') return { used: at - start, state: 'ended' };
      continue;
    }
    const size = /^[0-9a-fA-F]{1,12}\s*(;|$)/.test(line) ? Number.parseInt(line, 16) : NaN;
    if (Number.isNaN(size)) return { used: at - start, state: 'broken' };
    if (size === 0) part.trailer = true;
    else part.left = size + 2;
  }
  return { used: at - start, state: 'inside' };
}
