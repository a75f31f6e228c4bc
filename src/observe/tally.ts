import type { Rejection } from './series.ts';

/** Where the runner counts what it left out. */
export interface Tally {
  samplesRejected(device: string, collector: string, reason: Rejection, count: number): void;
  seriesDropped(device: string, metric: string, count: number): void;
}
