import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares without telling by its duration where the texts differ, or how long the right one is. */
export function equalInConstantTime(given: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}
