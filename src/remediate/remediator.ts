import type { Alert } from '../core/alert.ts';
import type { Case } from '../core/case.ts';
import { messageOf, Refusal } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import type { CaseQuery, ChainCheck } from '../store/contract.ts';
import { type Bench, record } from './armed.ts';
import type { CaseHistory, Intake, Preview, Remediation } from './contract.ts';
import { beginRelease } from './expiry.ts';
import { receive } from './intake.ts';
import { preview } from './preview.ts';
import { hasLostBlocks, reconcileDevice } from './reconcile.ts';
import { Worker } from './worker.ts';

const PREVIEW_MS = 60_000;
const ALL = 100_000;

/** Remediation as a whole: what HTTP and the command line ask of it, and the work behind. */
export class Remediator implements Remediation {
  readonly #bench: Bench;
  readonly #worker: Worker;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#worker = new Worker(bench);
  }

  /** Takes up what a crash left behind, overdue blocks first, and compares every device's blocks with the device. */
  async start(): Promise<void> {
    await this.#worker.takeUp();
    this.reconcile();
  }

  async tick(): Promise<void> {
    await this.#worker.tick();
  }

  /** Puts a comparison of blocks into each device's line of work. */
  reconcile(): void {
    this.#forEachDevice((name, signal) => reconcileDevice(this.#bench, name, signal));
  }

  /** Looks whether a device has lost its blocks, in a reboot or a failover, and sets them again when it has. */
  watch(): void {
    this.#forEachDevice(async (name, signal) => {
      if (await hasLostBlocks(this.#bench, name, signal)) await reconcileDevice(this.#bench, name, signal);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
  }

  /** Resolves when nothing is being worked on. */
  async idle(): Promise<void> {
    await this.#worker.idle();
  }

  async receive(alerts: readonly Alert[]): Promise<Intake> {
    const { intake, opened } = await receive(this.#bench, alerts);
    // The answer to Alertmanager goes out before the work begins.
    setImmediate(() => opened.forEach(subject => this.#worker.enqueue(subject)));
    return intake;
  }

  async approve(caseId: string, planHash: string, by: string): Promise<Case> {
    const subject = await this.#waiting(caseId);
    if (subject.planHash !== planHash) {
      const detail = `case ${caseId} now waits with plan ${subject.planHash ?? 'none'}, and ${planHash} was approved: look again`;
      throw new Refusal('plan-changed', detail);
    }
    const approved = await record(this.#bench, subject, { type: 'approved', by, planHash });
    this.#worker.enqueue(approved);
    return approved;
  }

  async reject(caseId: string, by: string): Promise<Case> {
    const subject = await this.#waiting(caseId);
    return record(this.#bench, subject, { type: 'refused', reason: 'rejected', detail: `rejected by ${by}` });
  }

  async release(caseId: string, by: string): Promise<Case> {
    const { device } = await this.#known(caseId);
    const releasing = await this.#worker.exclusively(device, async () => {
      const subject = await this.#known(caseId);
      if (subject.state !== 'holding') {
        throw new Refusal('not-holding', `case ${caseId} holds no block: it is ${subject.state}`);
      }
      return beginRelease(this.#bench, subject, 'operator', by);
    });
    this.#worker.enqueue(releasing);
    return releasing;
  }

  async preview(remedy: string, device: string, target: Target): Promise<Preview> {
    return preview(this.#bench, remedy, device, target, AbortSignal.timeout(PREVIEW_MS));
  }

  async cases(query: CaseQuery): Promise<readonly Case[]> {
    return this.#bench.store.cases(query);
  }

  async history(caseId: string): Promise<CaseHistory> {
    return { case: await this.#known(caseId), entries: await this.#bench.store.entries(caseId) };
  }

  async blocks(): Promise<readonly Case[]> {
    const held = await this.#bench.store.cases({ states: ['holding', 'releasing'], limit: ALL });
    return [...held].sort((one, other) => (one.dueAt ?? 0) - (other.dueAt ?? 0));
  }

  async verifyChain(): Promise<ChainCheck> {
    return this.#bench.store.verifyChain();
  }

  #forEachDevice(work: (device: string, signal: AbortSignal) => Promise<void>): void {
    for (const device of this.#bench.armed().devices.keys()) {
      const done = this.#worker.exclusively(device, () => work(device, AbortSignal.timeout(PREVIEW_MS)));
      done.catch((error: unknown) => {
        this.#bench.log.warn({ device, detail: messageOf(error) }, 'blocks could not be compared with the device');
      });
    }
  }

  async #known(caseId: string): Promise<Case> {
    const subject = await this.#bench.store.case(caseId);
    if (!subject) throw new Refusal('unknown-case', `there is no case ${caseId.slice(0, 80)}`);
    return subject;
  }

  async #waiting(caseId: string): Promise<Case> {
    const subject = await this.#known(caseId);
    if (subject.state === 'awaiting-approval' && subject.approvedBy === undefined) return subject;
    throw new Refusal('not-waiting', `case ${caseId} waits for no approval: it is ${subject.state}`);
  }
}
