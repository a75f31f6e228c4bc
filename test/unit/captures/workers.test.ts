import assert from 'node:assert/strict';
import { createReadStream, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { findInputs } from '../../../src/captures/reading/inputs.ts';
import { openStream } from '../../../src/captures/reading/open.ts';
import { studyCaptures } from '../../../src/captures/study.ts';
import { clientHello, serverFlight } from '../../../bench/captures/hellos.ts';
import { generateCapture } from '../../../bench/captures/generate.ts';
import { ACK, buildCapture, conversation, type SegmentSpec } from '../../support/capture-builder.ts';
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

  it('say the same as one when a client begins TLS late, after the server has said much else', async t => {
    const folder = temporaryFolder(t);
    const noise = Buffer.alloc(1200, 0x17);
    const hello = clientHello(0x0303, 'late.example.com', noise);
    const opening = conversation(Buffer.from('login\r\n'), []);
    const much = Array.from({ length: 60 }, (_, index) => ({
      fromClient: false,
      sequence: 1 + index * noise.length,
      flags: ACK,
      payload: noise,
    }));
    const late: SegmentSpec[] = [
      { fromClient: true, sequence: 8, flags: ACK, payload: hello },
      { fromClient: false, sequence: 72_001, flags: ACK, payload: serverFlight(0x0303, noise) },
    ];
    for (let padding = 0; padding < 80; padding += 4) {
      const other = Array.from({ length: padding }, (_, index) => ({
        fromClient: true,
        sequence: 1 + index * noise.length,
        flags: ACK,
        payload: noise,
        port: 9,
      }));
      const path = join(folder, `${padding}.pcap`);
      writeFileSync(path, buildCapture([...opening, ...much, ...other, ...late, ...other.slice(0, 20)]));
      const one = await told([path], 1, Infinity);
      assert.match(one, /"negotiated":"TLSv1\.2"/);
      assert.equal(await told([path], 2, 12_000), one, `${padding} packets between`);
    }
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
