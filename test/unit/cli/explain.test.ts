import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import type { Io } from '../../../src/cli/io.ts';
import { run } from '../../../src/cli/run.ts';

/** Runs the command line with its own streams, and gives what it wrote and its exit code. */
async function unclog(...argv: readonly string[]) {
  let code = 0;
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io: Io = {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: {},
    stopping: new AbortController().signal,
    onReload: () => undefined,
    exit: exitCode => void (code = exitCode),
  };
  await run(argv, io);
  const text = (stream: PassThrough) => String((stream.read() as Buffer | null) ?? '');
  return { code, out: text(stdout), err: text(stderr) };
}

/** Every value of the vendor's lists, and what each says of the traffic. */
const values: Readonly<Record<string, Readonly<Record<string, 'allowed' | 'blocked' | 'either'>>>> = {
  'session end reason': {
    threat: 'blocked',
    'policy-deny': 'blocked',
    'decrypt-cert-validation': 'blocked',
    'decrypt-unsupport-param': 'blocked',
    'decrypt-error': 'blocked',
    'tcp-rst-from-client': 'allowed',
    'tcp-rst-from-server': 'allowed',
    'resources-unavailable': 'blocked',
    'tcp-fin': 'allowed',
    'tcp-reuse': 'allowed',
    decoder: 'allowed',
    'aged-out': 'allowed',
    unknown: 'either',
    'n/a': 'either',
    'request-timeout': 'allowed',
    'shutdown-from-endpoint': 'allowed',
    'abort-from-endpoint': 'allowed',
    'split-tunnel': 'allowed',
  },
  action: {
    allow: 'either',
    deny: 'blocked',
    drop: 'blocked',
    'drop ICMP': 'blocked',
    'reset-both': 'blocked',
    'reset-client': 'blocked',
    'reset-server': 'blocked',
  },
  application: {
    incomplete: 'allowed',
    'insufficient-data': 'allowed',
    'unknown-tcp': 'allowed',
    'unknown-udp': 'allowed',
    'unknown-p2p': 'allowed',
    'not-applicable': 'blocked',
  },
  'tracker stage': {
    'Aged out': 'allowed',
    'TCP FIN': 'allowed',
    'TCP RST - client': 'allowed',
    'TCP RST - server': 'allowed',
    'appid policy lookup deny': 'blocked',
    'mitigation tdb': 'blocked',
    'resource limit': 'blocked',
    'host service': 'blocked',
  },
};

interface Told {
  readonly kind: string;
  readonly verdict: string;
  readonly meaning: string;
  readonly where: string;
  readonly next: string;
}

describe('unclog explain', () => {
  for (const [kind, words] of Object.entries(values)) {
    for (const [value, verdict] of Object.entries(words)) {
      test(`tells of the ${kind} ${value}: ${verdict}`, async () => {
        const { code, out } = await unclog('explain', '--json', ...value.split(' '));
        assert.equal(code, 0);
        const found = (JSON.parse(out) as Told[]).filter(term => term.kind === kind);
        assert.equal(found.length, 1);
        assert.equal(found[0]?.verdict, verdict);
        for (const text of [found[0].meaning, found[0].where, found[0].next]) assert.match(text, /^.{8,}\.$|\?$/);
      });
    }
  }

  test('lists exactly these values without an argument', async () => {
    const { code, out } = await unclog('explain', '--json');
    const listed = (JSON.parse(out) as { kind: string }[]).map(({ kind }) => kind);
    assert.equal(code, 0);
    for (const [kind, words] of Object.entries(values)) {
      assert.equal(listed.filter(other => other === kind).length, Object.keys(words).length);
    }
    assert.equal((await unclog('explain')).out.trim().split('\n').length, listed.length + 1);
  });

  test('prints for people', async () => {
    const { out } = await unclog('explain', 'Reset_Client');
    const [title, ...lines] = out.trim().split('\n');
    assert.equal(title, 'reset-client (action, panos)');
    assert.deepEqual(
      lines.map(line => line.trim().split(' ')[0]),
      ['meaning', 'traffic', 'where', 'next'],
    );
  });

  test('tells a word that stands in two fields for both', async () => {
    const { out } = await unclog('explain', 'aged-out');
    assert.match(out, /^aged-out \(session end reason, panos\)/m);
    assert.match(out, /^Aged out \(tracker stage, panos\)/m);
  });

  const unknown: readonly (readonly [value: string, hint: RegExp])[] = [
    ['reset-clent', /^unclog: "reset-clent" is not known; did you mean reset-client/],
    ['polcy-deny', /did you mean policy-deny/],
    ['rst', /did you mean tcp-rst-from-client/],
    ['zzzzzz', /"zzzzzz" is not known; unclog explain lists all/],
    ['\u001b[31m', /"\\u001b\[31m" is not known/],
  ];
  for (const [value, hint] of unknown) {
    test(`does not know ${JSON.stringify(value)}, suggests, and fails`, async () => {
      const { code, out, err } = await unclog('explain', value);
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, hint);
      const json = await unclog('explain', '--json', value);
      assert.equal(json.code, 1);
      assert.equal((JSON.parse(json.out) as { known: boolean }).known, false);
    });
  }
});
