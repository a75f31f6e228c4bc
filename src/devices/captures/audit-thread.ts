import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { findInputs } from '../../captures/reading/inputs.ts';
import { studyCaptures } from '../../captures/study.ts';
import type { Addition } from './tally.ts';

/** The thread behind `audit`: reads the captures that it is given and posts one addition. */
const { inputs } = findInputs(workerData as readonly string[], Readable.from([]));
const versions = new Map<string, number>();
const servers = new Map<string, number>();
const wanted = { tls: true, forwarded: undefined, requests: false };
const study = await studyCaptures(inputs, { wanted, workers: 1 }, finding => {
  if (finding.kind !== 'tls' || finding.tls.negotiated === undefined) return;
  const { server } = finding.tls;
  const version = versionLabel(finding.tls.negotiated);
  const host = server.address.includes(':') ? `[${server.address}]` : server.address;
  count(versions, version);
  count(servers, `${host}:${server.port} ${version}`);
});
const damaged = study.files.filter(file => file.damage).length;
const addition: Addition = {
  versions: [...versions],
  servers: [...servers],
  read: study.files.length - damaged,
  damaged,
};
parentPort?.postMessage(addition);

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Drafts and unknown numbers are many: as labels they are one each. */
function versionLabel(version: string): string {
  if (version.startsWith('TLSv1.3-')) return 'TLSv1.3-draft';
  return version.startsWith('unknown') ? 'unknown' : version;
}
