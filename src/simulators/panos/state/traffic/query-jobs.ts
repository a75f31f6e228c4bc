/** The jobs of one member that collect rows: reports and log queries. They are in no job table that `show jobs` reads. */

export interface QueryJob {
  readonly id: number;
  readonly kind: 'report' | 'log';
  readonly enqueuedAt: number;
  /** Until then it waits in the queue. */
  readonly startsAt: number;
  readonly finishesAt: number;
  /** From then on the device has forgotten it. */
  readonly expiresAt: number;
  /** The document that it answers once it is finished. */
  readonly answer: () => string;
}

export class QueryJobs {
  #jobs: QueryJob[] = [];
  #nextId = 278;

  /** The id that the next job will get. */
  get nextId(): number {
    return this.#nextId;
  }

  add(job: Omit<QueryJob, 'id'>): void {
    this.#jobs = this.#jobs.filter(({ expiresAt }) => expiresAt > job.enqueuedAt);
    this.#jobs.push({ ...job, id: this.#nextId++ });
  }

  find(kind: QueryJob['kind'], id: string, now: number): QueryJob | undefined {
    return this.#jobs.find(job => job.kind === kind && String(job.id) === id && now < job.expiresAt);
  }

  clear(): void {
    this.#jobs = [];
  }
}
