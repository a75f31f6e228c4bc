import { z } from 'zod';
import type { PanosState } from '../state/state.ts';
import { BUCKET_MS, bucketStart } from '../state/traffic/usage.ts';
import { busyMember } from './busy-member.ts';

/**
 * Bytes of one address, written into the summary database. `bucket` is the last closed one, the last one that a patient
 * client reads (closed for two minutes), the one that is open now, or the one around a moment in ms since the epoch;
 * `buckets` repeats it in those that follow. `addresses` spreads it over as many addresses from `address` on, each with
 * all the bytes.
 */
export const Usage = z.strictObject({
  member: z.string().optional(),
  address: z.ipv4().or(z.ipv6()),
  user: z.string().default(''),
  bytes: z.union([z.int().nonnegative(), z.string().regex(/^\d{1,30}$/)]).transform(BigInt),
  bucket: z.union([z.enum(['settled', 'closed', 'open']), z.int().nonnegative()]).default('settled'),
  buckets: z.int().min(1).max(96).default(1),
  addresses: z.int().min(1).max(100_000).default(1),
  destination: z.string().default('198.51.100.80'),
  application: z.string().default('ssl'),
});

const SETTLED_AFTER_MS = 120_000;

/** Returns the buckets that were filled, by the moment when each ends, in ms since the epoch. */
export function orderUsage(state: PanosState, wanted: z.output<typeof Usage>): readonly number[] {
  const member = wanted.member === undefined ? busyMember(state) : state.member(wanted.member);
  const first = firstBucket(wanted.bucket, state.now());
  const starts = Array.from({ length: wanted.buckets }, (_, index) => first + index * BUCKET_MS);
  const { user: srcuser, destination: dst, application: app, bytes } = wanted;
  for (const start of starts)
    for (const src of addressesFrom(wanted.address, wanted.addresses))
      member.usage.add(start, { src, srcuser, dst, app, bytes });
  return starts.map(start => start + BUCKET_MS);
}

function firstBucket(bucket: z.output<typeof Usage>['bucket'], now: number): number {
  if (typeof bucket === 'number') return bucketStart(bucket);
  if (bucket === 'open') return bucketStart(now);
  return bucketStart(bucket === 'closed' ? now : now - SETTLED_AFTER_MS) - BUCKET_MS;
}

function addressesFrom(first: string, count: number): readonly string[] {
  if (count === 1) return [first];
  const bytes = first.split('.').map(Number);
  if (bytes.length !== 4) throw new RangeError('several addresses need an IPv4 address to begin with');
  const base = bytes.reduce((value, byte) => value * 256 + byte, 0);
  return Array.from({ length: count }, (_, index) => ipv4(base + index));
}

function ipv4(value: number): string {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}
