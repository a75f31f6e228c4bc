import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { stripVTControlCharacters } from 'node:util';
import { messageOf } from '../src/core/errors.ts';
import type { ProgramName } from '../src/cli/programs/catalogue.ts';
import { program } from '../src/cli/programs/program.ts';
import { sharedDir, sharedMissing } from './support/shared.ts';

/**
 * The runner behind `npm test`: every suite by node's own test runner, after the programs that they need were found or
 * fetched. Names of suites as arguments run these only: `node test/run.ts unit house`.
 */

const root = join(import.meta.dirname, '..');
/** Acceptance stories start whole services with real daemons and keep to times: few at once. */
const suites = [
  { name: 'unit', concurrency: availableParallelism() },
  { name: 'conformance', concurrency: availableParallelism() },
  { name: 'house', concurrency: availableParallelism() },
  { name: 'acceptance', concurrency: Math.min(2, availableParallelism()) },
];
const programs: readonly ProgramName[] = ['prometheus', 'promtool', 'alertmanager', 'amtool'];
const longestTestMs = 300_000;

const started = performance.now();
const wanted = process.argv.slice(2);
const chosen = suites.filter(suite => wanted.length === 0 || wanted.includes(suite.name));
const groups = groupsOf(chosen);

if (!(await showGround()) || groups.length === 0) {
  console.error(groups.length === 0 ? 'no test files were found' : 'not all that the tests need could be had');
  process.exitCode = 1;
} else {
  for (const group of groups) {
    console.log(`\n${group.names.join(', ')}: ${group.files.length} files, ${group.concurrency} at a time`);
    if (!(await runFiles(group.files, group.concurrency))) process.exitCode = 1;
  }
}
const verdict = process.exitCode ? 'failed' : 'passed';
console.log(`\n${verdict} in ${((performance.now() - started) / 1_000).toFixed(1)} s`);

/** Suites that run equally many files at a time share one call of the test runner, and its closing lines. */
function groupsOf(list: typeof suites) {
  return [...Map.groupBy(list, suite => suite.concurrency)].flatMap(([concurrency, members]) => {
    const names = members.map(suite => suite.name);
    const files = names.flatMap(name => globSync(`test/${name}/**/*.test.ts`, { cwd: root }).sort());
    return files.length === 0 ? [] : [{ names, files, concurrency }];
  });
}

/** Says what the tests run on. False when a program is missing: a suite that quietly tests less is worse than none. */
async function showGround(): Promise<boolean> {
  console.log(`node ${process.version} on ${process.platform} ${process.arch}, ${availableParallelism()} cores`);
  let complete = true;
  for (const name of programs) {
    try {
      const path = await program(name);
      console.log(`${name}: ${versionOf(path)} (${path})`);
    } catch (error) {
      console.error(messageOf(error));
      complete = false;
    }
  }
  if (sharedDir() === undefined) console.log(`tests with recorded replies are skipped: ${sharedMissing}`);
  return complete;
}

function versionOf(path: string): string {
  const { stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return /version\s+(\S+)/.exec(`${stdout}${stderr}`)?.[1]?.replace(/,$/, '') ?? 'unknown version';
}

async function runFiles(files: readonly string[], concurrency: number): Promise<boolean> {
  const flags = ['--test', `--test-concurrency=${concurrency}`, `--test-timeout=${longestTestMs}`];
  const env = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;
  const child = spawn(process.execPath, [...flags, ...files], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let tail = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    tail = (tail + text).slice(-20_000);
  });
  await once(child, 'close');
  // Without a single test the runner is content; we are not.
  const count = Number(/^(?:#|ℹ) tests (\d+)$/m.exec(stripVTControlCharacters(tail))?.[1] ?? 0);
  if (count === 0) console.error('no test ran');
  return child.exitCode === 0 && count > 0;
}
