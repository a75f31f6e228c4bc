import { parentPort, workerData } from 'node:worker_threads';
import type { Wanted } from '../flows/book.ts';
import type { RangeJob } from './partial.ts';
import { readRange } from './read-range.ts';

/** The thread behind `Crew`: takes range jobs, answers each with what it found. */
parentPort?.on('message', (job: RangeJob) => {
  void readRange(job, workerData as Wanted).then(partial => parentPort?.postMessage(partial));
});
