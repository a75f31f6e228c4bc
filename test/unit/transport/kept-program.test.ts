import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import test, { type TestContext } from 'node:test';
import { KeptProgram, type KeptProgramCall } from '../../../src/transport/kept-program.ts';

const never = new AbortController().signal;
const MARK = 'end-1';

/** Does what each line of its commands says, as JavaScript, and ends with them. */
const OBEDIENT = `
const { createReadStream } = require('node:fs');
const { createInterface } = require('node:readline');
createInterface({ input: createReadStream(process.argv[1]) }).on('line', line => eval(line));
`;
const SAY_MARK = `console.log('${MARK}'); console.error('no ${MARK} here')`;

test('each exchange gives what both outputs said before its mark', async t => {
  const program = await kept(t);
  assert.deepEqual(await tell(program, `console.log('out'); console.error('err')`), {
    kind: 'answered',
    stdout: 'out\n',
    stderr: 'err\n',
  });
  assert.deepEqual(await tell(program, `console.log('more')`), { kind: 'answered', stdout: 'more\n', stderr: '' });
  assert.equal(program.alive, true);
});

test('arguments reach the program as they stand, since there is no shell', async t => {
  const odd = '$(id); `id` "quoted" *\n';
  const program = await kept(t, { more: [odd] });
  const result = await tell(program, 'console.log(JSON.stringify(process.argv[2]))');
  assert(result.kind === 'answered');
  assert.deepEqual(JSON.parse(result.stdout), odd);
});

test('of our environment only what a program needs goes on, and its home is its own', async t => {
  process.env['UNCLOG_TEST_SECRET'] = 'hidden';
  const program = await kept(t, { environment: { IPMI_PASSWORD: 'given' }, home: { 'a/b.txt': 'text' } });
  const result = await tell(
    program,
    `console.log(JSON.stringify({ ...process.env, file: require('node:fs').readFileSync(process.env.HOME + '/a/b.txt', 'utf8') }))`,
  );
  delete process.env['UNCLOG_TEST_SECRET'];
  assert(result.kind === 'answered');
  const seen = JSON.parse(result.stdout) as Record<string, string>;
  assert.equal(seen['UNCLOG_TEST_SECRET'], undefined);
  assert.equal(seen['IPMI_PASSWORD'], 'given');
  assert.equal(seen['file'], 'text');
  assert.deepEqual([seen['LC_ALL'], seen['TZ']], ['C', 'UTC']);
});

test('ending it lets it end by itself, and takes its files away', async t => {
  const program = await kept(t);
  const result = await tell(program, 'console.log(process.argv[1])');
  assert(result.kind === 'answered');
  await program.end();
  assert.equal(program.alive, false);
  assert.equal(existsSync(dirname(result.stdout.trim())), false);
  assert.deepEqual(await tell(program, '0'), { kind: 'ended', code: 0, stdout: '', stderr: '' });
});

test('a program that ended by itself is told with its code and what it said', async t => {
  const program = await kept(t);
  const result = await program.exchange(
    { lines: [`console.error('why'); process.exit(3)`], mark: MARK, timeoutMs: 10_000 },
    never,
  );
  assert.deepEqual(result, { kind: 'ended', code: 3, stdout: '', stderr: 'why\n' });
  assert.equal(program.alive, false);
});

test('a program that does not answer in time is ended, killed if need be', async t => {
  const program = await kept(t);
  const result = await program.exchange({ lines: ['for (;;);'], mark: MARK, timeoutMs: 100 }, never);
  assert.deepEqual(result, { kind: 'failed', why: 'timeout', detail: 'no answer after 100 ms' });
  assert.equal(program.alive, false);
});

test('a program that says too much is killed', async t => {
  const program = await kept(t, { maxOutputBytes: 50_000 });
  const endless = 'setInterval(() => console.log("x".repeat(9000)), 1)';
  const result = await program.exchange({ lines: [endless], mark: MARK, timeoutMs: 10_000 }, never);
  assert.deepEqual(result, { kind: 'failed', why: 'output', detail: 'more than 50000 bytes of output' });
});

test('a program that is not there is told by name', async t => {
  const program = await kept(t, { program: 'no-such-program' });
  const result = await tell(program, '0');
  assert(result.kind === 'failed');
  assert.equal(result.why, 'missing');
  assert.match(result.detail, /no-such-program/);
});

test('who aborts gets the reason, and the program is gone by then', async t => {
  const program = await kept(t);
  const controller = new AbortController();
  const running = program.exchange({ lines: ['for (;;);'], mark: MARK, timeoutMs: 60_000 }, controller.signal);
  setTimeout(() => controller.abort(new Error('the service stops')), 50);
  await assert.rejects(running, /the service stops/);
  assert.equal(program.alive, false);
});

test('it does not outlive this process, however that ends', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  assert.equal(isRunning(pid), true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  for (let look = 0; isRunning(pid); look += 1) {
    assert.ok(look < 200, `process ${pid} still runs`);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
});

/** Starts a program, says its process id, and waits. */
const PARENT = `
import { KeptProgram } from ${JSON.stringify(import.meta.resolve('../../../src/transport/kept-program.ts'))};
const program = await KeptProgram.start({
  program: process.execPath,
  args: commands => ['-e', ${JSON.stringify(OBEDIENT)}, '--', commands],
  environment: {},
  home: {},
  maxOutputBytes: 1000,
});
const result = await program.exchange(
  { lines: ['console.log(process.pid)', ${JSON.stringify(SAY_MARK)}], mark: '${MARK}', timeoutMs: 10_000 },
  new AbortController().signal,
);
await program.hideFiles();
console.log(result.stdout.trim());
setInterval(() => undefined, 1000);
`;

function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}

function tell(program: KeptProgram, line: string) {
  return program.exchange({ lines: [line, SAY_MARK], mark: MARK, timeoutMs: 10_000 }, never);
}

async function kept(
  t: TestContext,
  { more = [], ...change }: Partial<KeptProgramCall> & { readonly more?: readonly string[] } = {},
): Promise<KeptProgram> {
  const program = await KeptProgram.start({
    program: process.execPath,
    args: commands => ['-e', OBEDIENT, '--', commands, ...more],
    environment: {},
    home: {},
    maxOutputBytes: 1_000_000,
    ...change,
  });
  t.after(() => program.end());
  return program;
}
