import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DeviceRefused, DeviceSurprise, DeviceUnreachable } from '../../../../src/core/errors.ts';
import { discardSession, showJobs, showSession, showSystemInfo } from '../../../../src/devices/panos/commands.ts';
import type { PanosMember } from '../../../../src/devices/panos/session.ts';
import type { PanosSimulator } from '../../../../src/simulators/panos/simulator.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { type Bench, openWith, driverBench, secretSource, whileTimePasses } from '../../../support/panos-driver.ts';

const forever = new AbortController().signal;

function memberOf({ session }: Bench): PanosMember {
  const [member] = session.members;
  assert.ok(member);
  return member;
}

function commands(simulator: PanosSimulator): readonly string[] {
  return simulator.log().map(({ command }) => command);
}

async function refused(work: Promise<unknown>, why: DeviceRefused['why']): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof DeviceRefused, String(error));
    assert.equal(error.why, why);
    return error.message;
  }
  return assert.fail('was not refused');
}

describe('the API key', () => {
  test('is made once from user and password, and sent in a header only', async () => {
    await using bench = await driverBench();
    const member = memberOf(bench);
    await Promise.all([member.read(showSystemInfo, forever), member.read(showJobs, forever)]);
    await member.read(showSystemInfo, forever);
    assert.deepEqual(commands(bench.simulator).filter(text => text === 'keygen').length, 1);
    const calls = bench.simulator.log().filter(({ type }) => type === 'op');
    assert.equal(calls.length, 3);
    assert.ok(bench.simulator.log().every(({ method }) => method === 'POST'));
    assert.ok(calls.every(({ keyIn }) => keyIn === 'header'));
  });

  test('can be given, and then none is made', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    await memberOf(bench).read(showSystemInfo, forever);
    assert.deepEqual(commands(bench.simulator), ['show system info']);
  });

  test('each member of a pair has its own', async () => {
    await using bench = await driverBench({ highAvailability: 'active-passive' });
    await Promise.all(bench.session.members.map(member => member.read(showSystemInfo, forever)));
    const asked = bench.simulator.log().filter(({ type }) => type === 'keygen');
    assert.equal(new Set(asked.map(({ member }) => member)).size, 2);
  });

  for (const kind of ['session-timeout', 'invalid-credential'] as const) {
    test(`is made anew once when the device answers ${kind}`, async () => {
      await using bench = await driverBench();
      const member = memberOf(bench);
      await member.read(showSystemInfo, forever);
      bench.simulator.fault({ kind, command: 'show system info' });
      await member.read(showSystemInfo, forever);
      assert.equal(commands(bench.simulator).filter(text => text === 'keygen').length, 2);
    });
  }

  test('is made anew when the password gives another one', async () => {
    await using bench = await driverBench();
    const member = memberOf(bench);
    await member.read(showSystemInfo, forever);
    bench.simulator.replaceKey();
    await member.read(showSystemInfo, forever);
    assert.equal(commands(bench.simulator).filter(text => text === 'keygen').length, 2);
  });

  test('that is refused although it is new ends the tries, and is not asked for again for ten minutes', async () => {
    const clock = new ManualClock();
    await using bench = await driverBench({ driverClock: clock });
    const member = memberOf(bench);
    const fault = bench.simulator.fault({ kind: 'invalid-credential', command: 'show system info', times: 'always' });
    assert.match(await refused(member.read(showSystemInfo, forever), 'credentials'), /a new key is refused too/);
    assert.deepEqual(commands(bench.simulator), ['keygen', 'show system info', 'keygen', 'show system info']);
    await refused(member.read(showSystemInfo, forever), 'credentials');
    assert.equal(commands(bench.simulator).length, 4, 'nothing was sent');
    fault.cancel();
    await clock.advance(10 * 60_000);
    await member.read(showSystemInfo, forever);
  });

  test('wrong credentials are tried once and then left alone for ten minutes', async () => {
    const clock = new ManualClock();
    await using bench = await driverBench({ driverClock: clock });
    bench.simulator.fault({ kind: 'invalid-credential', command: 'keygen', times: 1 });
    const member = memberOf(bench);
    const first = await refused(member.read(showSystemInfo, forever), 'credentials');
    assert.match(first, /^fw-edge: keygen on 127\.0\.0\.1: user or password is wrong; correct the credentials/);
    assert.match(first, /Not tried again for 10 minutes \(code 403, "Invalid Credential"\)/);
    for (let scrape = 0; scrape < 20; scrape += 1) {
      await refused(member.read(showSystemInfo, forever), 'credentials');
      await clock.advance(15_000);
    }
    assert.deepEqual(commands(bench.simulator), ['keygen']);
    await clock.advance(10 * 60_000);
    await member.read(showSystemInfo, forever);
  });

  test('a given key that is wrong is tried once and then left alone', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    bench.simulator.replaceKey();
    const member = memberOf(bench);
    assert.match(
      await refused(member.read(showSystemInfo, forever), 'credentials'),
      /the API key is not valid; make a new one/,
    );
    await refused(member.read(showSystemInfo, forever), 'credentials');
    assert.equal(bench.simulator.log().length, 1);
  });

  test('a right that the role lacks costs one new key and no more', async () => {
    await using bench = await driverBench();
    const member = memberOf(bench);
    await member.read(showSystemInfo, forever);
    bench.simulator.clearLog();
    bench.simulator.fault({ kind: 'unauthorized', command: 'show jobs', times: 'always' });
    assert.match(await refused(member.read(showJobs, forever), 'role'), /the admin role lacks the right/);
    await refused(member.read(showJobs, forever), 'role');
    assert.equal(commands(bench.simulator).filter(text => text === 'keygen').length, 1);
    await member.read(showSystemInfo, forever);
  });
});

describe('a read', () => {
  test('never has more than two calls at a time on a member', async () => {
    await using bench = await driverBench();
    const member = memberOf(bench);
    bench.simulator.fault({ kind: 'slow', ms: 10, times: 'always' });
    await Promise.all(Array.from({ length: 10 }, () => member.read(showSystemInfo, forever)));
    assert.equal(Math.max(...bench.simulator.log().map(({ inFlight }) => inFlight)), 2);
  });

  test('of a remedy goes before the reads of collectors that wait', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    bench.simulator.fault({ kind: 'slow', ms: 20, times: 2 });
    const collector = memberOf(bench);
    const [remedy] = bench.session.at('remedy').members;
    assert.ok(remedy);
    const reads = Array.from({ length: 6 }, () => collector.read(showSystemInfo, forever));
    await Promise.all([...reads, remedy.read(showJobs, forever)]);
    assert.equal(commands(bench.simulator).indexOf('show jobs all'), 2);
  });

  test('is sent again once when the connection breaks at once', async () => {
    for (const kind of ['reset-before', 'reset-midway'] as const) {
      await using bench = await driverBench({ credentials: 'key', driverClock: new ManualClock() });
      bench.simulator.fault({ kind, command: 'show system info' });
      await memberOf(bench).read(showSystemInfo, forever);
      assert.equal(bench.simulator.log().length, 2);
    }
  });

  test('that cannot be made is unreachable, and nothing is maybe done', async () => {
    await using bench = await driverBench({ credentials: 'key', driverClock: new ManualClock() });
    bench.simulator.fault({ kind: 'reset-after', times: 'always' });
    await assert.rejects(memberOf(bench).read(showSystemInfo, forever), (error: unknown) => {
      assert.ok(error instanceof DeviceUnreachable);
      assert.equal(error.maybeDone, false);
      return true;
    });
    assert.equal(bench.simulator.log().length, 2);
  });

  test('waits for a commit that makes the device refuse valid keys', async () => {
    const clock = new ManualClock();
    await using bench = await driverBench({ credentials: 'key', driverClock: clock });
    bench.simulator.fault({ kind: 'commit-window', times: 3 });
    await whileTimePasses(clock, 100, memberOf(bench).read(showSystemInfo, forever));
    assert.equal(bench.simulator.log().length, 4);
  });

  test('that a commit keeps out for long is unreachable, not refused', async () => {
    const clock = new ManualClock();
    await using bench = await driverBench({ credentials: 'key', driverClock: clock });
    bench.simulator.fault({ kind: 'commit-window', times: 'always' });
    await assert.rejects(whileTimePasses(clock, 100, memberOf(bench).read(showSystemInfo, forever)), {
      name: 'DeviceUnreachable',
      message:
        'fw-edge: show system info on 127.0.0.1: refused for the moment, as while a commit runs ("Type [op] not authorized for user role")',
    });
  });

  test('ends after ten seconds without an answer', async () => {
    const clock = new ManualClock();
    await using bench = await driverBench({ credentials: 'key', driverClock: clock });
    bench.simulator.fault({ kind: 'hang', times: 'always' });
    await assert.rejects(
      whileTimePasses(clock, 500, memberOf(bench).read(showSystemInfo, forever)),
      /no whole answer within 10s/,
    );
    assert.equal(bench.simulator.log().length, 1, 'a slow device is not asked twice');
  });

  test('ends when the caller gives up, also while a key is being made', async () => {
    for (const command of ['keygen', 'show system info']) {
      await using bench = await driverBench();
      bench.simulator.fault({ kind: 'hang', command, times: 1 });
      await assert.rejects(memberOf(bench).read(showSystemInfo, AbortSignal.timeout(50)), {
        name: 'DeviceUnreachable',
      });
    }
  });

  for (const kind of ['malformed', 'truncated', 'empty'] as const) {
    test(`of a ${kind} answer is a surprise with an excerpt`, async () => {
      await using bench = await driverBench({ credentials: 'key' });
      bench.simulator.fault({ kind });
      await assert.rejects(memberOf(bench).read(showSystemInfo, forever), (error: unknown) => {
        assert.ok(error instanceof DeviceSurprise, String(error));
        assert.match(
          error.message,
          /^fw-edge: show system info on 127\.0\.0\.1: HTTP 200 with a body that is no reply/,
        );
        assert.equal(error.excerpt === '', kind === 'empty');
        return true;
      });
    });
  }

  test('of a page that says 503, or of a server error, is unreachable', async () => {
    for (const kind of ['html', 'server-error'] as const) {
      await using bench = await driverBench({ credentials: 'key' });
      bench.simulator.fault({ kind });
      await assert.rejects(
        memberOf(bench).read(showSystemInfo, forever),
        /the device reports trouble of its own \(HTTP 50\d\)/,
      );
    }
  });

  test('of more than 50 MB is cut off', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    bench.simulator.fault({ kind: 'huge' });
    await assert.rejects(memberOf(bench).read(showSystemInfo, forever), /longer than 50000000 bytes/);
  });

  test('of an unknown command is nothing where that may be, and a surprise where not', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    bench.simulator.fault({ kind: 'invalid-command', times: 2 });
    assert.equal(await memberOf(bench).readIfSupported(showSystemInfo, forever), undefined);
    await assert.rejects(memberOf(bench).read(showSystemInfo, forever), { name: 'DeviceSurprise' });
  });
});

describe('a change', () => {
  const discard = discardSession('7', 60);

  for (const [kind, sent, error] of [
    ['reset-before', 1, { name: 'DeviceUnreachable', maybeDone: true }],
    ['reset-after', 1, { name: 'DeviceUnreachable', maybeDone: true }],
    ['server-error', 1, { name: 'DeviceUnreachable', maybeDone: true }],
    ['commit-window', 1, { name: 'DeviceUnreachable', maybeDone: false }],
    ['session-timeout', 1, { name: 'DeviceUnreachable', maybeDone: false }],
    ['invalid-credential', 1, { name: 'DeviceUnreachable', maybeDone: false }],
    ['denied', 1, { name: 'DeviceRefused', why: 'denied' }],
    ['unauthorized', 1, { name: 'DeviceRefused', why: 'role' }],
    ['invalid-command', 1, { name: 'DeviceSurprise' }],
    ['malformed', 1, { name: 'DeviceSurprise' }],
    ['truncated', 1, { name: 'DeviceSurprise' }],
  ] as const) {
    test(`that meets ${kind} is sent once and never again`, async () => {
      await using bench = await driverBench();
      bench.simulator.fault({ kind, command: 'request session-discard', times: 'always' });
      await assert.rejects(memberOf(bench).change(discard, forever), error);
      assert.equal(bench.simulator.changes().length, sent);
    });
  }

  test('after an expired key works with the next try', async () => {
    await using bench = await driverBench();
    bench.simulator.fault({ kind: 'session-timeout', command: 'request session-discard' });
    await assert.rejects(memberOf(bench).change(discard, forever), /the key had expired, nothing was done/);
    await memberOf(bench).change(discard, forever);
    assert.equal(commands(bench.simulator).filter(text => text === 'keygen').length, 2);
  });

  test('in a rehearsal is told in words and not sent, while reads are real', async () => {
    await using bench = await driverBench();
    const { session, calls } = bench.session.rehearse();
    const [member] = session.at('remedy').members;
    assert.ok(member);
    await member.read(showSession('7'), forever);
    await member.change(discard, forever);
    assert.deepEqual(calls, [
      '127.0.0.1: request session-discard timeout 60 reason "unclog: packet buffer abuse" id 7',
    ]);
    assert.deepEqual(bench.simulator.changes(), []);
    assert.ok(commands(bench.simulator).includes('show session id 7'));
  });
});

describe('a session', () => {
  test('opens nothing until it is asked, and nothing after it is closed', async () => {
    await using bench = await driverBench();
    assert.equal(bench.simulator.log().length, 0);
    await bench.session.close();
    await assert.rejects(memberOf(bench).read(showSystemInfo, forever), /closed by this program/);
    assert.equal(bench.simulator.log().length, 0);
  });

  test('refuses a firewall whose certificate it does not know, before it sends the password', async () => {
    await using bench = await driverBench({ certificates: 'self-signed' });
    const { username, password, addresses } = bench.simulator;
    const session = openWith({
      name: 'fw-edge',
      driver: 'panos',
      addresses: [...addresses],
      credentials: { kind: 'password', username, password: secretSource('pw', password) },
      tls: { kind: 'public' },
    });
    const message = await refused(session.members[0]?.read(showSystemInfo, forever) ?? Promise.resolve(), 'trust');
    assert.ok(message.includes(bench.simulator.fingerprintSha256), message);
    assert.equal(bench.simulator.log().length, 0);
    await session.close();
  });

  test('shows no password and no key in any error', async () => {
    await using bench = await driverBench();
    const { password, apiKey } = bench.simulator;
    const messages: string[] = [];
    for (const kind of ['reset-before', 'malformed', 'invalid-credential', 'html'] as const) {
      bench.simulator.clearFaults();
      bench.simulator.fault({ kind, times: 2 });
      const session = openWith({
        name: 'fw-edge',
        driver: 'panos',
        addresses: [...bench.simulator.addresses],
        credentials: { kind: 'password', username: 'unclog', password: secretSource('pw', password) },
        tls: { kind: 'ca', file: secretSource('ca.pem', bench.simulator.caPem) },
      });
      await session.members[0]?.read(showSystemInfo, forever).catch((error: unknown) => {
        messages.push(error instanceof DeviceSurprise ? `${error.message} ${error.excerpt}` : String(error));
      });
      await session.close();
    }
    assert.equal(messages.length, 4);
    for (const message of messages) {
      assert.ok(!message.includes(password) && !message.includes(encodeURIComponent(password)), message);
      assert.ok(!message.includes(apiKey), message);
    }
  });
});
