import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { CaseEvent } from '../../../src/core/case.ts';
import { entryHash, eventText, GENESIS } from '../../../src/core/ledger-hash.ts';

const event: CaseEvent = { type: 'refused', reason: 'freeze', detail: 'not on Sundays' };
const base = [GENESIS, 1, 'case-1', 1_000, eventText(event)] as const;

test('the hash is SHA-256 over the JSON of hash before, number, case, time and event', () => {
  const text = `["${GENESIS}",1,"case-1",1000,{"detail":"not on Sundays","reason":"freeze","type":"refused"}]`;
  assert.equal(entryHash(...base), createHash('sha256').update(text).digest('hex'));
});

test('any part that changes gives another hash', () => {
  const others = [
    entryHash('1'.repeat(64), 1, 'case-1', 1_000, base[4]),
    entryHash(GENESIS, 2, 'case-1', 1_000, base[4]),
    entryHash(GENESIS, 1, 'case-2', 1_000, base[4]),
    entryHash(GENESIS, 1, 'case-1', 1_001, base[4]),
    entryHash(GENESIS, 1, 'case-1', 1_000, eventText({ ...event, detail: 'not on sundays' })),
    entryHash(...base),
  ];
  assert.equal(new Set(others).size, others.length);
});

test('parts cannot be moved into each other', () => {
  assert.notEqual(entryHash(GENESIS, 1, 'a",2,"b', 3, '{}'), entryHash(GENESIS, 1, 'a', 2, '"b",3,{}'));
});

test('the text of an event does not depend on the order of its keys', () => {
  assert.equal(eventText({ detail: 'not on Sundays', reason: 'freeze', type: 'refused' }), eventText(event));
});
