import { createReadStream } from 'node:fs';
import { readFlowList } from '../../src/devices/junos/replies/flow-list.ts';
import { FlowTally } from '../../src/devices/junos/replies/flow-tally.ts';
import { Strain } from './strain.ts';

/** Counts the AH sessions of a file by peer, as the collector does, and prints what that cost as JSON. */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: count.ts FILE');

const strain = new Strain();
const began = performance.now();
const tally = new FlowTally('ah');
await readFlowList(createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>, tally);
const seconds = (performance.now() - began) / 1_000;
console.log(JSON.stringify({ seconds, sessions: tally.sessions, peers: tally.peerCount, ...strain.stop() }));
