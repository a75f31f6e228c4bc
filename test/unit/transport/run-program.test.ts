import assert from 'node:assert/strict';
import test from 'node:test';
import { runProgram, type ProgramCall } from '../../../src/transport/run-program.ts';

const never = new AbortController().signal;

test('outputs and exit code of a program are given, whatever the code', async () => {
  const result = await runProgram(node('console.log("out"); console.error("err"); process.exitCode = 3'), never);
  assert.deepEqual(result, { kind: 'ended', code: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('arguments reach the program as they stand, since there is no shell', async () => {
  const odd = '$(id); `id` "quoted" *\n';
  const result = await runProgram(node('console.log(JSON.stringify(process.argv.slice(1)))', [odd]), never);
  assert(result.kind === 'ended');
  assert.deepEqual(JSON.parse(result.stdout), [odd]);
});

test('of our environment only what a program needs goes on', async () => {
  process.env['UNCLOG_TEST_SECRET'] = 'hidden';
  const call = { ...node('console.log(JSON.stringify(process.env))'), environment: { IPMI_PASSWORD: 'given' } };
  const result = await runProgram(call, never);
  delete process.env['UNCLOG_TEST_SECRET'];
  assert(result.kind === 'ended');
  const seen = JSON.parse(result.stdout) as Record<string, string>;
  assert.equal(seen['UNCLOG_TEST_SECRET'], undefined);
  assert.equal(seen['IPMI_PASSWORD'], 'given');
  assert.deepEqual([seen['LC_ALL'], seen['TZ']], ['C', 'UTC']);
});

test('a program that does not end is killed', async () => {
  const result = await runProgram({ ...node('setInterval(() => {}, 1000)'), timeoutMs: 100 }, never);
  assert.deepEqual(result, { kind: 'failed', why: 'timeout', detail: 'no end after 100 ms' });
});

test('a program that says too much is killed', async () => {
  const endless = 'setInterval(() => console.log("x".repeat(9000)), 1)';
  const result = await runProgram({ ...node(endless), maxOutputBytes: 50_000 }, never);
  assert.deepEqual(result, { kind: 'failed', why: 'output', detail: 'more than 50000 bytes of output' });
});

test('a program that is not there is told by name', async () => {
  const result = await runProgram({ ...node(''), program: 'no-such-program' }, never);
  assert(result.kind === 'failed');
  assert.equal(result.why, 'missing');
  assert.match(result.detail, /no-such-program/);
});

test('who aborts gets the reason, and the program is gone by then', async () => {
  const controller = new AbortController();
  const running = runProgram(node('setInterval(() => {}, 1000)'), controller.signal);
  setTimeout(() => controller.abort(new Error('the service stops')), 50);
  await assert.rejects(running, /the service stops/);
});

function node(script: string, args: readonly string[] = []): ProgramCall {
  return {
    program: process.execPath,
    args: ['-e', script, '--', ...args],
    environment: {},
    timeoutMs: 10_000,
    maxOutputBytes: 1_000_000,
  };
}
