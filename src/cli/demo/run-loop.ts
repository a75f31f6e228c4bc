import type { Happening } from '../../core/bus.ts';
import { type Case, isAtRest } from '../../core/case.ts';
import { systemClock } from '../../core/clock.ts';
import { Refusal } from '../../core/errors.ts';
import { targetText } from '../../core/target.ts';
import type { DemoLoop } from './loop.ts';
import type { Stage } from './stage.ts';
import type { Story } from './story.ts';

/** How a loop ended: times in milliseconds after the breach. */
export interface LoopResult {
  readonly loop: string;
  readonly closed: boolean;
  readonly outcome: string;
  readonly alertMs?: number;
  readonly firstCallMs?: number;
  readonly verdictMs?: number;
  readonly endMs?: number;
}

const LONGEST_MS = 60_000;

/** Makes one loop's trouble and waits for its case to come to rest. */
export async function runLoop(stage: Stage, loop: DemoLoop, story: Story, stopping: AbortSignal): Promise<LoopResult> {
  const device = stage.fleet.device(loop.device);
  if (!device) throw new Refusal('unknown-device', `the demo has no device ${loop.device}`);
  const times: { alertMs?: number; firstCallMs?: number; verdictMs?: number } = {};
  const breachedAt = systemClock.now();
  const ended = Promise.withResolvers<Case>();
  const unwatch = stage.app.bus.watch(happening => {
    if (!belongsTo(happening, loop)) return;
    note(times, happening, breachedAt);
    if (happening.kind === 'case' && isAtRest(happening.case)) ended.resolve(happening.case);
  });
  story.tell(breachedAt, { kind: 'breach', text: `${loop.device}: ${loop.breach(device)}` });
  const over = new AbortController();
  try {
    const late = systemClock.sleep(LONGEST_MS, AbortSignal.any([stopping, over.signal])).then(() => undefined);
    const subject = await Promise.race([ended.promise, late]);
    if (!subject)
      return { loop: loop.name, closed: false, outcome: `not closed within ${LONGEST_MS / 1_000} s`, ...times };
    const outcome = subject.verdict?.effect ?? `${subject.state} ${subject.reason ?? ''}`.trim();
    return { loop: loop.name, closed: loop.closes(subject), outcome, ...times, endMs: systemClock.now() - breachedAt };
  } finally {
    over.abort();
    loop.after?.(device);
    unwatch();
  }
}

function belongsTo(happening: Happening, loop: DemoLoop): boolean {
  if (happening.kind === 'case') {
    const { device, remedy, target } = happening.case;
    return device === loop.device && remedy === loop.remedy && isTarget(targetText(target), loop);
  }
  if (happening.kind !== 'alert' || happening.fate !== 'opened') return false;
  const { device, remedy, address, user, group } = happening.alert.labels;
  if (device !== loop.device || remedy !== loop.remedy) return false;
  const named = Object.entries({ address, user, group }).find(([, value]) => value !== undefined);
  return isTarget(named ? `${named[0]}:${named[1]}` : '', loop);
}

function isTarget(target: string, loop: DemoLoop): boolean {
  return loop.target === undefined || loop.target === target;
}

function note(
  times: { alertMs?: number; firstCallMs?: number; verdictMs?: number },
  happening: Happening,
  breachedAt: number,
): void {
  const ms = happening.at - breachedAt;
  if (happening.kind === 'alert') times.alertMs ??= ms;
  if (happening.kind !== 'case') return;
  if (happening.event.type === 'calling') times.firstCallMs ??= ms;
  if (happening.event.type === 'verified') times.verdictMs ??= ms;
}
