import fc from 'fast-check';
import type { CaseEvent } from '../../src/core/case.ts';
import type { Target } from '../../src/core/target.ts';
import { aPlan, everyEvent, type Received } from './case-events.ts';

/** Text as a hostile alert may bring it: any code units, quotes, markup, nothing at all. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '<x a="1">', '\ud800', "'; DROP TABLE events; --", '__proto__', '\u0000', '🜁'),
);

const target: fc.Arbitrary<Target> = fc.oneof(
  fc.constant({ kind: 'device' as const }),
  fc.ipV4().map(value => ({ kind: 'address' as const, value })),
  hostileText.map(value => ({ kind: 'user' as const, value })),
);

/** Few devices and remedies, so that keys collide. */
export const anyReceived: fc.Arbitrary<Received> = fc.record({
  type: fc.constant('received' as const),
  device: fc.constantFrom('fw', 'srx'),
  remedy: fc.constantFrom('toy/fix', 'toy/block'),
  target: fc.oneof(target, fc.constant({ kind: 'device' as const })),
  alert: fc.record({
    fingerprint: fc.constant('00112233445566aa'),
    status: fc.constant('firing' as const),
    labels: fc.dictionary(hostileText, hostileText, { maxKeys: 4 }),
    annotations: fc.dictionary(hostileText, hostileText, { maxKeys: 2 }),
    startsAt: fc.integer({ min: 0, max: 2 ** 45 }),
  }),
});

/** Any event but the first, fitting or not. */
export const anyEvent: fc.Arbitrary<CaseEvent> = fc
  .record({
    plan: fc.constantFrom(aPlan('once'), aPlan('block'), aPlan('once', 2), aPlan('block', 0)),
    index: fc.integer({ min: 0, max: 2 }),
    pick: fc.nat(),
    text: hostileText,
  })
  .map(({ plan, index, pick, text }) => {
    const events = everyEvent(plan, index).slice(1);
    const event = events[pick % events.length] as CaseEvent;
    return 'detail' in event ? { ...event, detail: text } : event;
  });
