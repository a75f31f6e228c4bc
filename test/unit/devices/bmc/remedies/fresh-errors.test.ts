import assert from 'node:assert/strict';
import test from 'node:test';
import { Refusal } from '../../../../../src/core/errors.ts';
import { freshErrors } from '../../../../../src/devices/bmc/remedies/fresh-errors.ts';
import { remedies } from '../../../../../src/devices/bmc/remedies/index.ts';
import { advance, firstSight } from '../../../../../src/devices/bmc/sel/tally.ts';
import type { LogEvent, LogReading } from '../../../../../src/devices/bmc/sel/log-event.ts';

const NOW = Date.UTC(2026, 0, 5);

test('both remedies are once-remedies for a device', () => {
  assert.deepEqual(
    remedies.map(({ name, kind, targets }) => [name, kind, targets]),
    [
      ['bmc/collect-evidence', 'once', ['device']],
      ['bmc/reset', 'once', ['device']],
    ],
  );
});

test('backlog is refused with its size and the time of first sight', () => {
  const view = { reading: reading(serr(1)), tally: firstSight(reading(serr(1)), NOW) };
  const found = freshErrors('probe7-bmc', view);
  assert(found instanceof Refusal);
  assert.equal(found.reason, 'backlog');
  assert.equal(
    found.message,
    'all 1 PCI errors of probe7-bmc were in its event log at first sight, 2026-01-05T00:00:00.000Z; nothing acts on those',
  );
});

test('what came later is given, and the backlog is not among it', () => {
  const first = firstSight(reading(serr(1)), NOW);
  const tally = advance(first, reading(serr(1), serr(2)), NOW + 5_000);
  const found = freshErrors('probe7-bmc', { reading: reading(), tally });
  assert('length' in found);
  assert.deepEqual(
    found.map(error => error.content),
    ['serr 2'],
  );
});

function reading(...events: readonly LogEvent[]): LogReading {
  return { events, declared: events.length, truncated: false, undecoded: 0 };
}

function serr(id: number): LogEvent {
  const pci = { error: 'serr', bus: '80', deviceFunction: '02.2' } as const;
  return { id: String(id), content: `serr ${id}`, times: 1, kind: 'pci-error', pci, time: 1_560_000_000 + id };
}
