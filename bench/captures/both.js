import { enableCompileCache } from 'node:module';
import { Readable } from 'node:stream';
import { TARGET } from './conversations.ts';

/** Asks for TLS versions and for a client behind a proxy in one pass: `node both.js FILE`. Starts as the command line does. */
enableCompileCache();
const { findInputs } = await import('../../src/captures/reading/inputs.ts');
const { studyCaptures } = await import('../../src/captures/study.ts');
const { inputs } = findInputs(process.argv.slice(2), Readable.from([]));
const wanted = { tls: true, forwarded: { clients: [TARGET], trusted: undefined }, requests: false };
let found = 0;
await studyCaptures(inputs, { wanted, workers: 1 }, () => found++);
console.log(found);
