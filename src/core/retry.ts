import { DeviceRefused, DeviceUnreachable } from './errors.ts';

/** Whether, and after how long, a step of a case that failed this way is tried again. */
export type RetryAdvice = { readonly retry: false } | { readonly retry: true; readonly afterMs: number };

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
const CREDENTIALS_MS = 15 * 60_000;

/**
 * The one place that decides retry by class (DESIGN.md section 5). `attempt` counts from 1.
 * Unreachable: exponential, 1 s to 60 s. Wrong credentials: one more try after 15 minutes, because some devices log
 * or lock on every failed login. Everything else: never.
 */
export function retryAdvice(error: unknown, attempt: number): RetryAdvice {
  if (error instanceof DeviceUnreachable) {
    return { retry: true, afterMs: Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS) };
  }
  if (error instanceof DeviceRefused && error.why === 'credentials' && attempt < 2) {
    return { retry: true, afterMs: CREDENTIALS_MS };
  }
  return { retry: false };
}
