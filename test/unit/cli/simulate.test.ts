import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { simulateCommand } from '../../../src/cli/simulate.ts';

describe('unclog simulate', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`prints where it takes orders, and stops on ${signal}`, async test => {
      const folder = await temporaryFolder(test);
      const printed = collector();
      const running = simulateCommand(printed.io).parseAsync(['--directory', folder, '--json'], { from: 'user' });
      const { control, configuration, devices } = JSON.parse(await printed.first) as Printed;
      assert.equal(configuration, join(folder, 'unclog.yml'));
      assert.match(await readFile(configuration, 'utf8'), /name: fw-edge/);
      assert.deepEqual(
        devices.map(({ name }) => name),
        ['fw-edge'],
      );
      assert.equal((await fetch(`${control}/devices`)).status, 200);
      process.emit(signal);
      await running;
      await assert.rejects(fetch(`${control}/devices`));
    });
  }

  it('prints for people without --json', async test => {
    const folder = await temporaryFolder(test);
    const printed = collector();
    const running = simulateCommand(printed.io).parseAsync(['--directory', folder], { from: 'user' });
    assert.match(
      await printed.first,
      /^fw-edge \(panos\): https:\/\/127\.0\.0\.1:\d+, .*\nconfiguration: .*\norders: /,
    );
    process.emit('SIGTERM');
    await running;
  });

  it('refuses to take orders from beyond loopback', async () => {
    const command = simulateCommand(collector().io)
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

function collector() {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { first: promise, io: { stdout: { write: (text: string) => resolve(text) } } };
}

async function temporaryFolder(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unclog-simulate-'));
  test.after(() => rm(folder, { recursive: true }));
  return folder;
}
