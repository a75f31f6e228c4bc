import type { Command } from 'commander';
import type { Io } from './io.ts';

type Verb = (io: Io) => Command;

/**
 * Every verb of the command line, in the order of `unclog --help`. A new one is a line here. Each is loaded only when it
 * is called (or for the help): reading a capture must not wait for the whole service to be loaded.
 */
export const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  simulate: async () => (await import('./simulate.ts')).simulateCommand,
  config: async () => (await import('./config.ts')).configCommand,
  probe: async () => (await import('./probe.ts')).probeCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  blocks: async () => (await import('./blocks.ts')).blocksCommand,
  cases: async () => (await import('./cases.ts')).casesCommand,
  store: async () => (await import('./store.ts')).storeCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  captures: async () => (await import('./captures.ts')).capturesCommand,
};
