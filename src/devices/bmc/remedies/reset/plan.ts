import type { NotNeeded, OncePlan } from '../../../../core/action.ts';
import { Refusal } from '../../../../core/errors.ts';
import { formatDuration } from '../../../../core/duration.ts';
import type { RemedyRequest } from '../../../contract.ts';
import { checkFolder } from '../../evidence/folder.ts';
import { keptEvidence, withoutEvidence } from '../../evidence/keeping.ts';
import type { LogReading } from '../../sel/log-event.ts';
import type { PciErrorName } from '../../sel/pci-error.ts';
import { isTakenBack } from '../../sel/recovery.ts';
import { describeError, errorKey, type FreshError } from '../../sel/tally.ts';
import type { BmcSession } from '../../session.ts';
import { freshErrors } from '../fresh-errors.ts';
import { recallReset } from './memory.ts';
import type { ResetOptions } from './options.ts';

/** The host went on after these; nobody restarts it for them. */
const HARMLESS: readonly PciErrorName[] = ['correctable', 'degraded'];

/**
 * One reset for the newest PCI error, and only when everything that speaks against it was ruled out: backlog, an old
 * error, a log with gaps, no evidence yet, a host without power, a reset that was done already.
 */
export async function planReset(
  session: BmcSession,
  { options }: RemedyRequest<ResetOptions>,
  signal: AbortSignal,
): Promise<OncePlan | NotNeeded | Refusal> {
  const { device } = session;
  const view = await session.readLog(signal);
  const fresh = freshErrors(device, view);
  if (!('length' in fresh)) return fresh;
  const severe = fresh.filter(error => !HARMLESS.includes(error.error));
  if (severe.length === 0) return new Refusal('not-severe', `${device} logged only errors that its host survives`);
  const newest = severe.findLast(error => !isTakenBack(error, view.reading.events));
  if (newest === undefined) return notNeeded(`the BMC of ${device} has taken back its PCI errors (deassertion)`);
  const objection = gapsIn(view.reading) ?? tooOld(newest, options, session) ?? (await evidenceOf(newest, session));
  if (objection instanceof Refusal) return objection;
  const last = await recallReset(device, session.memory);
  if (last?.error === errorKey(newest)) return notNeeded(`${device} was reset for its newest PCI error already`);
  if ((await session.readPower(signal)) === 'off') return notNeeded(`the host of ${device} has no power`);
  const offered = await session.offeredResets(signal);
  const call = offered.get(options.action);
  if (call === undefined) {
    const instead = [...offered.keys()].join(', ') || 'no reset over this driver';
    return new Refusal('not-offered', `${device} does not offer ${options.action}; it offers ${instead}`);
  }
  return {
    kind: 'once',
    summary: `reset the host of ${device} by ${options.action}`,
    actions: [
      {
        subject: `host of ${device}`,
        touches: [],
        calls: [call],
        evidence: [`${describeError(newest)}, first read ${new Date(newest.seenAt).toISOString()}`, objection],
        data: { action: options.action, error: errorKey(newest), settleMs: options.settle },
      },
    ],
    before: [{ name: 'host power', value: 1, unit: 'on' }],
    passedOver: [],
  };
}

function gapsIn(reading: LogReading): Refusal | undefined {
  const gaps = [
    reading.truncated ? 'the BMC gave only a part of its event log' : undefined,
    reading.overflow === true ? 'the event log overflowed' : undefined,
    reading.undecoded > 0 ? `${reading.undecoded} entries could not be read` : undefined,
  ].filter(gap => gap !== undefined);
  return gaps.length === 0
    ? undefined
    : new Refusal('log-incomplete', `${gaps.join(', ')}: too little is known to reset a host`);
}

function tooOld(newest: FreshError, options: ResetOptions, session: BmcSession): Refusal | undefined {
  const age = session.clock.now() - newest.seenAt;
  if (age <= options.max_event_age) return undefined;
  return new Refusal(
    'stale-event',
    `the newest PCI error was read ${formatDuration(age)} ago; max_event_age is ${formatDuration(options.max_event_age)}`,
  );
}

/** Where the evidence of this error is, in words, or why there is none that can be relied on. */
async function evidenceOf(newest: FreshError, session: BmcSession): Promise<string | Refusal> {
  const kept = await keptEvidence(session.device, session.memory);
  if (!kept || withoutEvidence([newest], kept).length > 0) {
    return new Refusal(
      'no-evidence',
      `no evidence of ${describeError(newest)} is kept yet; bmc/collect-evidence comes first`,
    );
  }
  const folder = await checkFolder(kept.path);
  if ('damage' in folder) return new Refusal('no-evidence', `the evidence is not whole: ${folder.damage}`);
  return `evidence is kept in ${kept.path}`;
}

function notNeeded(detail: string): NotNeeded {
  return { kind: 'not-needed', detail, before: [] };
}
