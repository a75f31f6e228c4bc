import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { captureCorpus } from '../../support/captures.ts';
import { sharedMissing } from '../../support/shared.ts';

const corpus = captureCorpus();
const MUTANTS = 10_000;

interface Outcome {
  readonly slowest: { readonly mutant: number; readonly ms: number };
  readonly mostBytes: number;
}

describe('damaged captures', { skip: corpus === undefined && sharedMissing }, () => {
  it(`neither break nor stall nor fill memory in ${MUTANTS} ways`, async () => {
    const script = join(import.meta.dirname, '../../support/mutation-process.ts');
    // A small heap makes the collector keep up, so that memory in use is what is needed and not what is left over.
    const heap = ['--max-old-space-size=64', '--max-semi-space-size=4'];
    const folder = join(corpus ?? '', 'files');
    const { stdout } = await promisify(execFile)(process.execPath, [...heap, script, folder, String(MUTANTS)]);
    const { slowest, mostBytes } = JSON.parse(stdout) as Outcome;
    assert.ok(slowest.ms < 1_000, `mutant ${slowest.mutant} took ${slowest.ms.toFixed(0)} ms`);
    assert.ok(mostBytes < 200e6, `${mostBytes} bytes of memory were in use`);
  });
});
