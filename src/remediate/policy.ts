import type { Alert } from '../core/alert.ts';
import { Refusal } from '../core/errors.ts';
import { parseTarget, type Target, type TargetKind } from '../core/target.ts';
import { type Arming, meansOf } from './armed.ts';

/** What an alert asks for, read from its labels: DESIGN.md section 3.4. */
export type Request =
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable'; readonly detail: string }
  | {
      readonly kind: 'remedy';
      readonly device: string;
      readonly remedy: string;
      readonly target: Target;
      /** Set when the request is understood and cannot be met: it is opened and refused at once. */
      readonly refusal?: Refusal;
    };

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;
const NAMED_KINDS = ['address', 'user', 'group', 'peer'] as const;

/** Reads the request out of an alert. Labels are hostile text: nothing of them goes on unparsed. */
export function requestOf(alert: Alert, arming: Arming): Request {
  const { remedy, device } = alert.labels;
  if (remedy === undefined || remedy === '') return { kind: 'none' };
  if (!NAME.test(remedy)) return unusable('label remedy is not a remedy name', remedy);
  if (device === undefined) return { kind: 'unusable', detail: `alert for ${remedy} has no label device` };
  if (!NAME.test(device)) return unusable('label device is not a device name', device);
  try {
    const means = meansOf(arming, device, remedy);
    return { kind: 'remedy', device, remedy, target: targetOf(alert, means.remedy.targets) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'remedy', device, remedy, target: { kind: 'device' }, refusal: error };
  }
}

/** The one target that the remedy can take. Throws Refusal `bad-target`. */
function targetOf(alert: Alert, takes: readonly TargetKind[]): Target {
  for (const kind of NAMED_KINDS) {
    const text = alert.labels[kind];
    if (text === undefined || !takes.includes(kind)) continue;
    const target = parseTarget(kind, text);
    if (target) return target;
    throw new Refusal('bad-target', `label ${kind} is not usable: ${JSON.stringify(text.slice(0, 80))}`);
  }
  if (takes.includes('device')) return { kind: 'device' };
  throw new Refusal('bad-target', `the remedy needs one of the labels ${takes.join(', ')}, and the alert has none`);
}

function unusable(what: string, found: string): Request {
  return { kind: 'unusable', detail: `${what}: ${JSON.stringify(found.slice(0, 80))}` };
}
