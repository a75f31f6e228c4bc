import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { surveyAh } from '../../src/devices/junos/ah-survey.ts';
import { JunosSession } from '../../src/devices/junos/session.ts';
import type { JunosEntry } from '../../src/devices/junos/config.ts';
import { entryFor, never } from '../support/junos.ts';
import { eventually } from '../support/service.ts';
import { sharedDir, sharedMissing } from '../support/shared.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sshd.ts';

const COMMAND = `${process.execPath} --disable-warning=ExperimentalWarning ${resolve(import.meta.dirname, '../support/forced-command.ts')}`;
const missing = sshdMissing();
const shared = sharedDir();

async function withSession(
  sshd: Sshd,
  scheme: 'ssh' | 'netconf',
  work: (session: JunosSession) => Promise<void>,
  credentials?: JunosEntry['credentials'],
): Promise<void> {
  const entry = {
    ...entryFor({ ...sshd, name: 'srx', password: '' }, { scheme }),
    ...(credentials && { credentials }),
  };
  const memory = { get: async () => undefined, put: async () => {} };
  const session = JunosSession.open(entry, { clock: systemClock, log: silentLog, memory });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

for (const scheme of ['ssh', 'netconf'] as const) {
  const how = scheme === 'ssh' ? 'exec' : 'subsystem';
  test(`a real sshd, ${how}: a list of 14 MB is counted whole`, { skip: missing }, async () => {
    const sshd = await startSshd(COMMAND, { JUNOS_STALE: '6000' });
    try {
      await withSession(sshd, scheme, async session => {
        const survey = await surveyAh(session, never);
        const [worst] = survey.peers;
        assert.deepEqual([survey.sessions, survey.peers.length], [6_120, 20]);
        assert.deepEqual([worst?.peer, worst?.sessions, worst?.living, worst?.orphans], ['10.0.0.1', 6_006, 3, 6_000]);
        assert.equal((await session.flowSummary(never))[0]?.sessions, 6_157);
      });
    } finally {
      await sshd.stop();
    }
  });

  test(
    `a real sshd, ${how}: recorded replies`,
    { skip: missing ?? (shared === undefined && sharedMissing) },
    async () => {
      const sshd = await startSshd(COMMAND, { JUNOS_RECORDED: join(shared ?? '', 'device-outputs/junos') });
      try {
        await withSession(sshd, scheme, async session => {
          const survey = await surveyAh(session, never);
          assert.deepEqual(
            survey.peers.map(({ peer, sessions, living, orphans, expected }) => ({
              peer,
              sessions,
              living,
              orphans,
              expected,
            })),
            [{ peer: '192.168.1.161', sessions: 2, living: 1, orphans: 0, expected: 2 }],
          );
          assert.equal((await session.ike(never)).length, 1);
          await assert.rejects(session.inactiveTunnels(never), /an empty reply/);
        });
      } finally {
        await sshd.stop();
      }
    },
  );
}

const noAgent = spawnSync('ssh-agent', ['-h']).error && 'ssh-agent is missing: apt-get install openssh-client';

test('a real ssh-agent logs in to a real sshd', { skip: missing ?? noAgent }, async () => {
  const sshd = await startSshd(COMMAND, { JUNOS_STALE: '0' });
  const folder = await mkdtemp(join(tmpdir(), 'unclog-agent-'));
  const socket = join(folder, 'socket');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  try {
    await eventually('the agent', () => (existsSync(socket) ? true : undefined));
    await writeFile(join(folder, 'key'), sshd.privateKey, { mode: 0o600 });
    execFileSync('ssh-add', [join(folder, 'key')], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    const credentials = { username: sshd.username, agent: socket };
    await withSession(
      sshd,
      'ssh',
      async session => {
        assert.equal((await session.flowSummary(never))[0]?.sessions, 157);
      },
      credentials,
    );
  } finally {
    agent.kill();
    await once(agent, 'exit');
    await sshd.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('a real sshd with another host key is not talked to', { skip: missing }, async () => {
  const sshd = await startSshd(COMMAND, { JUNOS_STALE: '0' });
  try {
    await withSession({ ...sshd, hostKeySha256: `SHA256:${'B'.repeat(43)}` }, 'ssh', async session => {
      await assert.rejects(session.cluster(never), { name: 'DeviceRefused', why: 'trust' });
    });
  } finally {
    await sshd.stop();
  }
});
