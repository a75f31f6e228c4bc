#!/usr/bin/env node
// @ts-check
import { enableCompileCache } from 'node:module';

// The one file in plain JavaScript: code without types, once compiled, comes from the cache from the next start on, and
// what strips types is not loaded at all. Both together save 100 ms of each command.
enableCompileCache();
const { processIo } = await import('./io.ts');
const { run } = await import('./run.ts');
await run(process.argv.slice(2), processIo());
