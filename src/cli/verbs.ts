import type { Command } from 'commander';
import { blocksCommand } from './blocks.ts';
import { capturesCommand } from './captures.ts';
import { casesCommand } from './cases.ts';
import { configCommand } from './config.ts';
import { demoCommand } from './demo.ts';
import type { Io } from './io.ts';
import { planCommand } from './plan.ts';
import { probeCommand } from './probe.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';
import { storeCommand } from './store.ts';

/** Every verb of the command line, in the order of `unclog --help`. A new one is a line here. */
export const verbs: readonly ((io: Io) => Command)[] = [
  serveCommand,
  demoCommand,
  simulateCommand,
  configCommand,
  probeCommand,
  planCommand,
  blocksCommand,
  casesCommand,
  storeCommand,
  capturesCommand,
];
