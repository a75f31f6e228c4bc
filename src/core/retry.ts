import { DeviceUnreachable } from './errors.ts';

/** Whether, and after how long, a step of a case that failed this way is tried again. */
export type RetryAdvice = { readonly retry: false } | { readonly retry: true; readonly afterMs: number };

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * The one place that decides retry by class (DESIGN.md section 5). `attempt` counts from 1. Unreachable: exponential,
 * 1 s to 60 s. Everything else is not mended by trying again: a refusal stands, a reply that we do not understand will
 * not be clearer, and a failed login is itself logged or punished by some devices (sessions back off by themselves).
 */
export function retryAdvice(error: unknown, attempt: number): RetryAdvice {
  if (!(error instanceof DeviceUnreachable)) return { retry: false };
  return { retry: true, afterMs: Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS) };
}
