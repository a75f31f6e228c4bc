import type { Happening, Watcher } from '../core/bus.ts';
import { isAtRest, outcomeOf, type Case } from '../core/case.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/**
 * Turns what happens into the service's metrics. `open`: the cases that hold a block at the start of the process, which
 * no happening will tell of.
 */
export function watchHappenings(metrics: ServiceMetrics, open: readonly Case[] = []): Watcher {
  const blocks = new StandingBlocks(metrics);
  for (const subject of open) blocks.see(subject);
  return happening => {
    switch (happening.kind) {
      case 'alert':
        metrics.alertsReceived.inc({ status: happening.alert.status });
        metrics.alertFates.inc({ fate: happening.fate });
        return;
      case 'reload':
        metrics.reloadSuccessful.set(happening.successful ? 1 : 0);
        if (happening.successful) metrics.reloadAt.set(happening.at / 1_000);
        return;
      case 'strays': {
        const { device, remedy, subjects } = happening;
        metrics.strayBlocks.set({ device, remedy }, subjects.length);
        return;
      }
      case 'case':
        countCase(metrics, happening);
        blocks.see(happening.case);
    }
  };
}

function countCase(metrics: ServiceMetrics, { at, case: subject, event }: Extract<Happening, { kind: 'case' }>): void {
  const { device, remedy } = subject;
  if (isAtRest(subject)) metrics.cases.inc({ device, remedy, outcome: outcomeOf(subject) });
  if (event.type === 'refused') metrics.refusals.inc({ device, remedy, reason: event.reason });
  if (event.type === 'verified') {
    metrics.remediationSeconds.observe({ remedy }, Math.max(0, at - subject.alert.startsAt) / 1_000);
  }
  // A block that an operator took back early has no delay.
  if (event.type === 'released' && subject.releaseCause === 'due' && subject.dueAt !== undefined) {
    metrics.releaseDelaySeconds.observe({ remedy }, Math.max(0, at - subject.dueAt) / 1_000);
  }
}

/** Keeps the gauges of standing blocks: how many, and the soonest end, for each device and remedy. */
class StandingBlocks {
  readonly #metrics: ServiceMetrics;
  readonly #dueById = new Map<string, Map<string, number>>();

  constructor(metrics: ServiceMetrics) {
    this.#metrics = metrics;
  }

  see(subject: Case): void {
    const { id, device, remedy, dueAt } = subject;
    const stands = dueAt !== undefined && (subject.state === 'holding' || subject.state === 'releasing');
    const key = JSON.stringify([device, remedy]);
    const due = this.#dueById.get(key) ?? new Map<string, number>();
    if (!stands && !due.has(id)) return;
    if (stands) due.set(id, dueAt);
    else due.delete(id);
    this.#dueById.set(key, due);
    this.#metrics.blocksActive.set({ device, remedy }, due.size);
    if (due.size > 0) this.#metrics.blocksSoonestEnd.set({ device, remedy }, Math.min(...due.values()) / 1_000);
    else this.#metrics.blocksSoonestEnd.remove({ device, remedy });
  }
}
