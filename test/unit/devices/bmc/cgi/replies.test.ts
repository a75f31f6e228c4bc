import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import {
  BadReply,
  csrfTokenOf,
  isLoggedIn,
  isSessionLost,
  parseEventLog,
  parsePower,
  sessionIdOf,
} from '../../../../../src/devices/bmc/cgi/replies.ts';
import { sharedDir, sharedMissing } from '../../../../support/shared.ts';

const shared = sharedDir();
const skip = shared === undefined && sharedMissing;
const folder = join(shared ?? '', 'device-outputs/bmc');
const seed = skip === false ? readFileSync(join(folder, 'sel/seed_sel_info.xml'), 'utf8') : '';

test('a recorded event log is 17 entries with the times that its XML names', { skip }, () => {
  const reading = parseEventLog(seed);
  const times = [...seed.matchAll(/TIME="([^"]+)"/g)].map(
    ([, time = '']) => Date.parse(`${time.replaceAll('/', '-')} UTC`) / 1_000,
  );
  assert.equal(reading.declared, 17);
  assert.equal(reading.truncated, false);
  assert.equal(reading.undecoded, 0);
  assert.deepEqual(
    reading.events.map(event => event.time),
    times,
  );
  const errors = reading.events.filter(event => event.kind === 'pci-error');
  assert.deepEqual(
    new Set(errors.map(({ pci }) => JSON.stringify(pci))),
    new Set(['{"error":"serr","bus":"80","deviceFunction":"02.2"}']),
  );
  assert.equal(errors.length, 4);
});

test('every recorded reply to another query is refused as an event log', { skip }, () => {
  const files = readdirSync(join(folder, 'supermicro-cgi')).filter(name => name.endsWith('.xml'));
  assert.equal(files.length, 24);
  for (const name of files) {
    const body = readFileSync(join(folder, 'supermicro-cgi', name), 'utf8');
    assert.throws(() => parseEventLog(body), BadReply, name);
    if (name.includes('POWER_INFO')) assert.equal(parsePower(body), 'on');
    else assert.throws(() => parsePower(body), BadReply, name);
  }
});

const TOKENS = [
  'A0v9gild518yF36XZ6jqNZNsOUrHiEpkvM+QHKKVTFw',
  'Te6xHPx3NDhDmL4T21cZ/tXWbzatZQ3JHbQUCF5Hkns',
  'fYQ/Xhd1AvA+kP/bM/tO5mhOzv4eM5evCOH/YSuBN70',
  'RYjdEjWIhU+PCRFMBP2ZRPPePcQ4n3dM3s+rCgTnBBU',
  'RYjdEjWIhU+PCRFMBP2ZRPPePcQ4n3dM3s+rCgTnBBU',
];

test('the session token is found in every recorded spelling of its page', { skip }, () => {
  const tokens = TOKENS.map((_, index) =>
    csrfTokenOf(readFileSync(join(folder, `supermicro-cgi/csrf-snippet-${index + 1}.html`), 'utf8')),
  );
  assert.deepEqual(tokens, TOKENS);
});

test('a recorded page after a login is recognised, and has no token', { skip }, () => {
  const page = readFileSync(join(folder, 'supermicro-cgi/x11-login-success.html'), 'utf8');
  assert.equal(isLoggedIn(page), true);
  assert.equal(csrfTokenOf(page), undefined);
  assert.equal(isLoggedIn('<html><form action="/cgi/login.cgi"></form></html>'), false);
});

const BROKEN: readonly (readonly [string, (xml: string) => string, RegExp])[] = [
  ['cut off', xml => xml.slice(0, 900), /not a whole IPMI document/],
  ['empty', () => '', /not a whole IPMI document/],
  ['a login page', () => '<html><body>login</body></html>', /not a whole IPMI document/],
  ['not well-formed', xml => xml.replace('"/>', '">'), /not well-formed/],
  ['with a document type', xml => xml.replace('<IPMI>', '<!DOCTYPE a [<!ENTITY x "y">]><IPMI>'), /document type/],
  ['without its total', xml => xml.replace(/<SEL TOTAL_NUMBER="0011"\/>/, ''), /TOTAL_NUMBER/],
  ['with a total that is no number', xml => xml.replace('"0011"', '"many"'), /TOTAL_NUMBER/],
  [
    'with more entries than its total',
    xml => xml.replace('"0011"', '"0010"'),
    /has 17 entries and says that there are 16/,
  ],
];

for (const [what, spoil, message] of BROKEN) {
  test(`an event log that is ${what} is refused`, { skip }, () => {
    assert.throws(
      () => parseEventLog(spoil(seed)),
      (error: unknown) => error instanceof BadReply && message.test(error.message),
    );
  });
}

test('a stray sign after the document does no harm', { skip }, () => {
  assert.equal(parseEventLog(`${seed}@\n`).events.length, 17);
});

test('fewer entries than the total is a truncated log, and the total is hexadecimal', { skip }, () => {
  const reading = parseEventLog(seed.replace('"0011"', '"0100"'));
  assert.equal(reading.declared, 256);
  assert.equal(reading.truncated, true);
});

test('an entry that is no record is told and the others are read', { skip }, () => {
  const reading = parseEventLog(seed.replace('020002124c015d33000413006fa58012', 'zz'));
  assert.equal(reading.undecoded, 1);
  assert.equal(reading.events.length, 16);
});

test('an empty log is no error', () => {
  const reading = parseEventLog('<?xml version="1.0"?><IPMI><SEL_INFO><SEL TOTAL_NUMBER="0000"/></SEL_INFO></IPMI>');
  assert.deepEqual(reading.events, []);
  assert.equal(reading.truncated, false);
});

test('the last session id of a header counts', () => {
  assert.equal(sessionIdOf(['SID=; path=/', 'SID=abc; path=/; secure']), 'abc');
  assert.equal(sessionIdOf(['langSetFlag=0; SID=first, SID=second; path=/']), 'second');
  assert.equal(sessionIdOf(['language=English']), undefined);
});

for (const text of [
  'Token Value is not matched.',
  'Your session has timed out.',
  'Please log in a new session',
  'Invalid session',
]) {
  test(`"${text}" is a lost session`, () => assert.equal(isSessionLost(`<html>${text}</html>`), true));
}
