import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import type { Io } from '../../../src/cli/io.ts';
import { simulateCommand } from '../../../src/cli/simulate.ts';

describe('unclog simulate', () => {
  it('writes a configuration, says where it takes orders, and stops when the process is asked to stop', async test => {
    const folder = await temporaryFolder(test);
    const { io, printed, stop } = testIo();
    const running = simulateCommand(io).parseAsync(['--directory', folder, '--json'], { from: 'user' });
    const { control, configuration, devices } = JSON.parse(await printed()) as Printed;
    assert.equal(configuration, join(folder, 'unclog.yml'));
    assert.match(await readFile(configuration, 'utf8'), /name: fw-edge/);
    assert.ok(devices.some(({ name }) => name === 'fw-edge'));
    assert.equal((await fetch(`${control}/devices/fw-edge`)).status, 200);
    stop();
    await running;
    await assert.rejects(fetch(`${control}/devices`));
  });

  it('prints for people without --json', async test => {
    const folder = await temporaryFolder(test);
    const { io, printed, stop } = testIo();
    const words = ['--directory', folder, '--device', 'fw-edge'];
    const running = simulateCommand(io).parseAsync(words, { from: 'user' });
    assert.match(await printed(), /^fw-edge \(panos\): https:\/\/127\.0\.0\.1:\d+, .*\nconfiguration: .*\norders: /);
    stop();
    await running;
  });

  it('refuses to take orders from beyond loopback', async () => {
    const command = simulateCommand(testIo().io)
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    await assert.rejects(
      command.parseAsync(['--listen', '0.0.0.0:80'], { from: 'user' }),
      /A loopback address and port is expected/,
    );
  });
});

interface Printed {
  readonly control: string;
  readonly configuration: string;
  readonly devices: readonly { readonly name: string }[];
}

function testIo() {
  const stopping = new AbortController();
  const stdout = new PassThrough();
  const io: Io = {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    env: {},
    stopping: stopping.signal,
    onReload: () => undefined,
    exit: () => undefined,
  };
  const printed = () => new Promise<string>(resolve => stdout.once('data', (text: Buffer) => resolve(text.toString())));
  return { io, printed, stop: () => stopping.abort() };
}

async function temporaryFolder(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unclog-simulate-'));
  test.after(() => rm(folder, { recursive: true }));
  return folder;
}
