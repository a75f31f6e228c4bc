import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseInstant } from '../../../src/http/instant.ts';
import { parseNotification, type Notification } from '../../../src/http/notification.ts';
import { sharedDir, sharedMissing } from '../../support/shared.ts';

const good = {
  status: 'firing',
  labels: { alertname: 'X', device: 'fw-edge' },
  annotations: { summary: 's' },
  startsAt: '2026-11-21T03:00:00.887555524Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: '',
  fingerprint: '7a95307860d1da7c',
};
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const body = (...alerts: unknown[]) => bytes({ version: '4', groupKey: '{}', truncatedAlerts: 0, alerts });
const parsed = (value: Uint8Array): Notification => {
  const read = parseNotification(value);
  assert.ok(typeof read !== 'string');
  return read;
};

test('every notification that a real Alertmanager sent is read whole', context => {
  const shared = sharedDir();
  if (shared === undefined) return context.skip(sharedMissing);
  const folder = join(shared, 'device-outputs/alertmanager');
  const files = readdirSync(folder).filter(name => /^am025-(?!request-headers).*\.(json|raw\.txt)$/.test(name));
  assert.ok(files.length >= 13);
  for (const file of files) {
    const content = JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown;
    for (const recorded of Array.isArray(content) ? (content as { body: unknown }[]) : [{ body: content }]) {
      const sent = recorded.body as { alerts: { labels: object; startsAt: string }[]; truncatedAlerts: number };
      const read = parsed(bytes(sent));
      assert.deepEqual(read.unusable, [], file);
      assert.equal(read.truncated, sent.truncatedAlerts, file);
      assert.deepEqual(
        read.alerts.map(alert => [alert.labels, alert.startsAt]),
        sent.alerts.map(alert => [alert.labels, new Date(alert.startsAt.replace(/(\.\d{3})\d+/, '$1')).getTime()]),
        file,
      );
    }
  }
});

test('keys that later versions of Alertmanager add are let be', () => {
  const read = parsed(
    bytes({
      version: '4',
      alerts: [good],
      notification_reason: 'repeat interval elapsed',
      routeLabels: {},
      extra: [1],
    }),
  );
  assert.equal(read.alerts.length, 1);
});

test('what is no notification at all is refused with what was found', () => {
  const custom = { text: 'an alert fired' };
  const cases: [string, Uint8Array, RegExp][] = [
    ['empty', bytes(''), /^the body is not JSON: Unexpected end/],
    ['not JSON', bytes('<alert/>'), /^the body is not JSON: Unexpected token/],
    ['half a JSON', bytes('{"version":"4","alerts":['), /^the body is not JSON/],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), /^the body is not UTF-8 text$/],
    ['null', bytes(null), /^the body has no version; Alertmanager's webhook notification of version "4" is expected/],
    ['an array', bytes([good]), /^the body has no version/],
    ['a custom payload', bytes(custom), /^the body has no version.*without a custom payload/],
    ['a later version', bytes({ version: '5', alerts: [] }), /^the body has version "5"/],
    ['a number as version', bytes({ version: 4, alerts: [] }), /^the body has version 4;/],
    ['no alerts', bytes({ version: '4' }), /^the body is not an Alertmanager notification: alerts: .*array/],
    ['deep nesting', bytes('['.repeat(1_000_000)), /^the body is not JSON/],
    ['deep nesting, closed', bytes('['.repeat(100_000) + ']'.repeat(100_000)), /^the body has no version/],
  ];
  for (const [name, content, message] of cases) {
    const read = parseNotification(content);
    assert.equal(typeof read, 'string', name);
    assert.match(read as string, message, name);
    assert.ok((read as string).length < 400, name);
  }
});

test('an alert that cannot be used is left out with its reason, and the good ones beside it are kept', () => {
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`l${index}`, 'x']));
  const cases: [unknown, string, RegExp][] = [
    ['an alert', 'shape', /^alert: .*expected object/i],
    [null, 'shape', /^alert: /],
    [{ ...good, status: 'suppressed' }, 'shape', /^status: /],
    [{ ...good, fingerprint: '../../etc/passwd' }, 'shape', /^fingerprint: 16 hex digits/],
    [{ ...good, startsAt: 1_700_000_000 }, 'shape', /^startsAt: /],
    [{ ...good, startsAt: 'yesterday' }, 'starts-at', /^startsAt is not an instant of RFC 3339$/],
    [{ ...good, startsAt: '0001-01-01T00:00:00Z' }, 'starts-at', /RFC 3339/],
    [{ ...good, labels: undefined }, 'labels', /^labels is not an object of texts$/],
    [{ ...good, labels: ['device'] }, 'labels', /not an object of texts/],
    [{ ...good, labels: { device: 7 } }, 'labels', /not an object of texts/],
    [{ ...good, labels: { device: { $ne: '' } } }, 'labels', /not an object of texts/],
    [{ ...good, labels: many }, 'labels-too-large', /^65 labels, 64 are allowed$/],
    [
      { ...good, labels: { device: 'x'.repeat(1_048_576) } },
      'labels-too-large',
      /^label "device" has 1048576 characters, 4096 are allowed$/,
    ],
  ];
  for (const [alert, reason, detail] of cases) {
    const read = parsed(body(good, alert, good));
    assert.equal(read.alerts.length, 2);
    assert.deepEqual(
      read.unusable.map(entry => [entry.index, entry.reason]),
      [[1, reason]],
    );
    assert.match(read.unusable[0]?.detail ?? '', detail);
  }
});

test('hostile texts in labels stay the texts that they are', () => {
  const labels = {
    device: '</entry><!DOCTYPE x [<!ENTITY a "b">]>',
    user: "x'; DROP TABLE cases; --\r\nset cli pager off\u0000",
    group: '\u202ecorp\\interns',
  };
  assert.deepEqual(parsed(body({ ...good, labels })).alerts[0]?.labels, labels);
});

test('labels named as JavaScript names its own things are labels like any other', () => {
  const text = `{"version":"4","alerts":[${JSON.stringify(good).replace('"alertname":"X"', '"__proto__":"p","constructor":"c"')}]}`;
  const labels = parsed(bytes(text)).alerts[0]?.labels ?? {};
  assert.deepEqual(Object.entries(labels), [
    ['__proto__', 'p'],
    ['constructor', 'c'],
    ['device', 'fw-edge'],
  ]);
});

test('long annotations are shortened and odd ones left out; the alert is kept', () => {
  const long = parsed(body({ ...good, annotations: { summary: 'x'.repeat(100_000) } }));
  assert.equal(long.alerts[0]?.annotations['summary']?.length, 4_096);
  assert.deepEqual(parsed(body({ ...good, annotations: { summary: 7 } })).alerts[0]?.annotations, {});
});

test('instants are compared as instants: any offset, cut to milliseconds', () => {
  const at = Date.UTC(2026, 10, 21, 3, 0, 0);
  assert.equal(parseInstant('2026-11-21T03:00:00Z'), at);
  assert.equal(parseInstant('2026-11-20T20:00:00-07:00'), at);
  assert.equal(parseInstant('2026-11-21T08:30:00.1+05:30'), at + 100);
  assert.equal(parseInstant('2026-11-21T03:00:00.123999999Z'), at + 123);
  for (const text of ['2026-11-21', '2026-11-21T03:00:00', '2026-13-21T03:00:00Z', '1e3', '2026-02-31T00:00:00Z']) {
    assert.equal(parseInstant(text), undefined, text);
  }
});

test('instants written by JavaScript are read back', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), date => {
      assert.equal(parseInstant(date.toISOString()), date.getTime());
    }),
  );
});

test('no body at all makes the parser throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), content => {
      parseNotification(content);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), alerts => {
      const read = parsed(body(...alerts));
      assert.equal(read.alerts.length + read.unusable.length, alerts.length);
    }),
  );
});
