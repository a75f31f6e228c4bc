import { Worker } from 'node:worker_threads';
import type { Addition } from './tally.ts';

/** Reads captures in a thread of its own, so that a large one holds up nobody. Rejects when `signal` aborts. */
export function audit(paths: readonly string[], signal: AbortSignal): Promise<Addition> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('audit-thread.ts', import.meta.url), { workerData: paths });
  return new Promise<Addition>((resolve, reject) => {
    const stop = (): void => {
      void worker.terminate();
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error('the thread that read the captures ended without an answer'));
    });
  });
}
