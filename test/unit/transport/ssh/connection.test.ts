import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import ssh2 from 'ssh2';
import { systemClock } from '../../../../src/core/clock.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { SecretSource } from '../../../../src/core/secret-source.ts';
import type { SshEntry } from '../../../../src/transport/ssh/config.ts';
import { SshConnection } from '../../../../src/transport/ssh/connection.ts';
import { type JunosSimulator, startJunosSimulator } from '../../../../src/simulators/junos/simulator.ts';
import { never } from '../../../support/junos.ts';

function secret(text: string): SecretSource {
  const source = new SecretSource('file', 'x');
  source.fill(new Secret(text));
  return source;
}

function connectionTo(sim: JunosSimulator, entry: Partial<SshEntry> = {}, clock = systemClock): SshConnection {
  const address = { scheme: 'ssh', host: '127.0.0.1', port: sim.port };
  const whole: SshEntry = {
    credentials: { username: sim.username, password_file: secret(sim.password) },
    host_key_sha256: sim.hostKeySha256,
    legacy_algorithms: false,
    ...entry,
  };
  return new SshConnection({ name: 'srx', address, entry: whole }, clock);
}

async function withSimulator(run: (sim: JunosSimulator) => Promise<void>): Promise<void> {
  const sim = await startJunosSimulator();
  try {
    await run(sim);
  } finally {
    await sim.close();
  }
}

test('one connection serves everybody who asks at once, and its commands are quick', async () => {
  await withSimulator(async sim => {
    const connection = connectionTo(sim);
    const channels = await Promise.all(
      Array.from({ length: 5 }, () => connection.exec('show chassis cluster status', never)),
    );
    assert.equal(sim.connections().opened, 1);
    for (const channel of channels) channel.close();
    const began = performance.now();
    for (let n = 0; n < 20; n += 1) {
      const channel = await connection.exec('show chassis cluster status | display xml', never);
      for await (const _ of channel.read(never)) {
        /* read to the end */
      }
    }
    // With Nagle's algorithm on either side each takes 40 ms or more.
    assert.ok(performance.now() - began < 20 * 35, `20 commands took ${performance.now() - began} ms`);
    await connection.close();
  });
});

test('a wrong host key ends the connection before anything secret is sent', async () => {
  await withSimulator(async sim => {
    const wrong = `SHA256:${'A'.repeat(43)}`;
    const connection = connectionTo(sim, { host_key_sha256: wrong });
    await assert.rejects(connection.exec('show version', never), (error: Error & { why?: string }) => {
      assert.equal(error.why, 'trust');
      assert.match(
        error.message,
        new RegExp(
          `srx: connect to 127\\.0\\.0\\.1 port ${sim.port} as unclog: its host key is ecdsa-sha2-nistp256 ${sim.hostKeySha256.replaceAll('+', '\\+')} and not ${wrong}`,
        ),
      );
      return true;
    });
    assert.deepEqual(sim.log(), []);
  });
});

test('known_hosts serves as well as a fingerprint', async () => {
  await withSimulator(async sim => {
    const { host_key_sha256: _, ...rest } = { host_key_sha256: undefined };
    const connection = new SshConnection(
      {
        name: 'srx',
        address: { scheme: 'ssh', host: '127.0.0.1', port: sim.port },
        entry: {
          ...rest,
          credentials: { username: sim.username, private_key_file: secret(sim.privateKey) },
          known_hosts_file: secret(sim.knownHostsLine),
          legacy_algorithms: false,
        },
      },
      systemClock,
    );
    (await connection.exec('show version', never)).close();
    await connection.close();
  });
});

test('wrong credentials are tried once, and then not again for minutes; the message names the ways, not the secrets', async () => {
  await withSimulator(async sim => {
    const credentials = { username: sim.username, password_file: secret('wrong-<one>') };
    const connection = connectionTo(sim, { credentials });
    for (let n = 0; n < 3; n += 1) {
      await assert.rejects(connection.exec('show version', never), (error: Error & { why?: string }) => {
        assert.equal(error.why, 'credentials');
        assert.match(error.message, /the login was not accepted \(password\): .*; check username and credentials/);
        assert.doesNotMatch(error.message, /wrong/);
        return true;
      });
    }
    assert.equal(sim.connections().opened, 1);
  });
});

test('a key that is no key is an error of credentials', async () => {
  await withSimulator(async sim => {
    const credentials = { username: sim.username, private_key_file: secret('not a key') };
    await assert.rejects(connectionTo(sim, { credentials }).exec('show version', never), { why: 'credentials' });
  });
});

test('agent: true without an agent says what to do', async () => {
  await withSimulator(async sim => {
    const before = process.env['SSH_AUTH_SOCK'];
    delete process.env['SSH_AUTH_SOCK'];
    const connection = connectionTo(sim, { credentials: { username: 'unclog', agent: true } });
    await assert.rejects(connection.exec('show version', never), /SSH_AUTH_SOCK is not set; start an agent/);
    if (before !== undefined) process.env['SSH_AUTH_SOCK'] = before;
  });
});

test('a port where nothing listens is unreachable at once, and is not called again and again', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  await withSimulator(async sim => {
    const connection = new SshConnection(
      {
        name: 'srx',
        address: { scheme: 'ssh', host: '127.0.0.1', port },
        entry: {
          credentials: { username: 'u', password_file: secret('p') },
          host_key_sha256: sim.hostKeySha256,
          legacy_algorithms: false,
        },
      },
      systemClock,
    );
    let first: unknown;
    await assert.rejects(connection.exec('x', never), error => {
      first = error;
      return /ECONNREFUSED/.test(String(error)) && (error as Error).name === 'DeviceUnreachable';
    });
    await assert.rejects(connection.exec('x', never), error => error === first);
  });
});

test('SHA-1 algorithms are offered only where the entry says so', async () => {
  const hostKey = (await import('node:crypto'))
    .generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString();
  const server = new ssh2.Server(
    {
      hostKeys: [hostKey],
      algorithms: {
        kex: ['diffie-hellman-group14-sha1'],
        serverHostKey: ['ssh-rsa'],
        cipher: ['aes128-cbc'],
        hmac: ['hmac-sha1'],
      },
    },
    client => {
      client.on('error', () => {});
      client.on('authentication', context => {
        context.accept();
      });
      client.on('session', accept => {
        accept().on('exec', acceptExec => {
          const channel = acceptExec();
          channel.exit(0);
          channel.end('old');
        });
      });
    },
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) throw parsed;
  const { fingerprintOf } = await import('../../../../src/transport/ssh/host-key.ts');
  const entry = {
    credentials: { username: 'u', password_file: secret('p') },
    host_key_sha256: fingerprintOf(parsed.getPublicSSH()),
  };
  const device = { name: 'srx', address: { scheme: 'ssh', host: '127.0.0.1', port } };
  const modern = new SshConnection({ ...device, entry: { ...entry, legacy_algorithms: false } }, systemClock);
  await assert.rejects(
    modern.exec('x', never),
    /no matching .*; if the device knows only old algorithms, set legacy_algorithms: true for it/,
  );
  const legacy = new SshConnection({ ...device, entry: { ...entry, legacy_algorithms: true } }, systemClock);
  const channel = await legacy.exec('x', never);
  const said: Buffer[] = [];
  for await (const chunk of channel.read(never)) said.push(chunk);
  assert.equal(Buffer.concat(said).toString(), 'old');
  await legacy.close();
  await new Promise(resolve => server.close(resolve));
});
