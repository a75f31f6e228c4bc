import assert from 'node:assert/strict';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { findInputs } from '../../../src/captures/reading/inputs.ts';
import { openStream } from '../../../src/captures/reading/open.ts';
import { studyCaptures } from '../../../src/captures/study.ts';
import { generateCapture } from '../../../bench/captures/generate.ts';
import { captureCorpus, EVERYTHING } from '../../support/captures.ts';
import { sharedMissing } from '../../support/shared.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const corpus = captureCorpus();

/** Everything that was found and told, as text, so that byte for byte means just that. */
async function told(paths: readonly string[], workers: number, rangeBytes: number): Promise<string> {
  const lines: string[] = [];
  const { inputs } = findInputs(paths, Readable.from([]));
  const options = { wanted: EVERYTHING, workers, rangeBytes };
  const study = await studyCaptures(inputs, options, finding => lines.push(JSON.stringify(finding)));
  return [...lines, JSON.stringify({ ...study, unread: [...study.unread] })].join('\n');
}

async function toldFromStream(path: string): Promise<string> {
  const lines: string[] = [];
  const input = { name: path, storedBytes: undefined, open: () => openStream(createReadStream(path)) };
  const options = { wanted: EVERYTHING, workers: 1 };
  const study = await studyCaptures([input], options, finding => lines.push(JSON.stringify(finding)));
  return [...lines, JSON.stringify({ ...study, unread: [...study.unread] })].join('\n');
}

describe('several threads on one capture', () => {
  it('say the same as one, and as standard input, about a generated capture', async t => {
    const folder = temporaryFolder(t);
    const path = join(folder, 'mixed.pcap');
    generateCapture(path, { bytes: 12e6, kind: 'mixed' });
    const one = await told([path], 1, Infinity);
    assert.ok(one.split('\n').length > 500);
    assert.equal(await toldFromStream(path), one);
    for (const workers of [2, 3, 4]) assert.equal(await told([path], workers, 300_000), one, `${workers} threads`);
  });

  it(
    'say the same as one about every capture of the corpus',
    { skip: corpus === undefined && sharedMissing },
    async () => {
      const folder = join(corpus ?? '', 'files');
      const rangeBytes = 6_000;
      const paths = readdirSync(folder)
        .map(name => join(folder, name))
        .filter(path => statSync(path).size > 3 * rangeBytes);
      assert.ok(paths.length > 100);
      assert.equal(await told(paths, 3, rangeBytes), await told(paths, 1, Infinity));
    },
  );
});
