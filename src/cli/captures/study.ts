import { setFlagsFromString } from 'node:v8';
import { findInputs } from '../../captures/reading/inputs.ts';
import type { Crew } from '../../captures/parallel/crew.ts';
import { studyCaptures, type Study, type StudyOptions } from '../../captures/study.ts';
import type { OnFinding } from '../../captures/findings.ts';
import { systemClock } from '../../core/clock.ts';
import type { Io } from '../io.ts';
import { Progress } from './progress.ts';
import type { StudyFlags } from './study-flags.ts';

/**
 * Reads the captures, and says on standard error what could not be read. Returns the exit code that follows from the
 * reading alone: 0, 1 when a capture was damaged, 2 when a path cannot be used.
 */
export async function studyPaths(
  io: Io,
  paths: readonly string[],
  flags: StudyFlags,
  crew: Crew | undefined,
  wanted: StudyOptions['wanted'],
  onFinding: OnFinding,
): Promise<0 | 1 | 2> {
  if (flags.workers === 1) keepNurserySmall();
  const { inputs, unusable } = findInputs(paths, io.stdin);
  for (const { path, reason } of unusable) io.stderr.write(`unclog: ${path}: ${reason}\n`);
  if (unusable.length > 0) return 2;
  const total = inputs.reduce((sum, input) => sum + (input.storedBytes ?? 0), 0);
  const progress = new Progress(io, systemClock, total, flags.progress);
  const onProgress = (bytes: number): void => progress.update(bytes);
  const options = { wanted, workers: flags.workers, crew, onProgress };
  const study = await studyCaptures(inputs, options, finding => {
    progress.clear();
    onFinding(finding);
  });
  progress.clear();
  tellTroubles(io, study);
  return study.files.some(file => file.damage) ? 1 : 0;
}

/**
 * Findings are told and forgotten: the nursery of the garbage collector need not grow for them, which would take 30 MB. V8
 * looks at this setting at each collection, so that it can be changed while the program runs. Not while threads start: V8
 * takes no compiled code along that was made with other settings, and each thread would need 50 ms more (Node 24).
 */
function keepNurserySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

function tellTroubles(io: Io, study: Study): void {
  const tell = (text: string): void => void io.stderr.write(`unclog: ${text}\n`);
  for (const { file, damage, packets } of study.files) {
    if (damage) tell(`${file}: at byte ${damage.offset}: ${damage.message}; ${packets} packets were read before it`);
  }
  for (const [linkType, packets] of study.unread)
    tell(`link type ${linkType} is not read: ${packets} packets left out`);
  if (study.evicted > 0) tell(`${study.evicted} connections were ended early: too many at a time`);
  if (study.overflows > 0) tell(`${study.overflows} incomplete messages were given up: too much was waiting`);
  if (study.lostDatagrams > 0) tell(`${study.lostDatagrams} fragmented packets were given up: too many at a time`);
  if (study.droppedClients > 0) tell(`${study.droppedClients} clients were left out: too many on one connection`);
}
