import { parentPort, workerData } from 'node:worker_threads';
import type { CrewData } from './crew.ts';
import { memoryOf, type RangeJob } from './partial.ts';
import { readRange } from './read-range.ts';

const { begun } = workerData as CrewData;

/** The thread behind `Crew`: takes range jobs, answers each with what it found. */
parentPort?.on('message', (job: RangeJob) => {
  void readRange(job).then(partial => parentPort?.postMessage(partial, memoryOf(partial)));
});
Atomics.add(begun, 0, 1);
