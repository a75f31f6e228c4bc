#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { processIo } from './io.ts';

// Types are stripped and code is compiled once, not at every start: that halves the time until a short command begins.
enableCompileCache();
const { run } = await import('./run.ts');
await run(process.argv.slice(2), processIo());
