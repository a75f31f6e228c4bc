import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { highResolutionTime, slashedTime } from '../../../../../src/simulators/panos/state/local-time.ts';
import { momentOf, offsetAt } from '../../../../../src/simulators/panos/state/zone.ts';

const HOUR = 3_600_000;
const LOS_ANGELES = 'America/Los_Angeles';

describe('the time zone of a simulated firewall', () => {
  it('is ahead or behind by hours or parts of them', () => {
    const winter = Date.UTC(2026, 0, 5);
    assert.equal(offsetAt(winter, LOS_ANGELES), -8 * HOUR);
    assert.equal(offsetAt(Date.UTC(2026, 6, 5), LOS_ANGELES), -7 * HOUR);
    assert.equal(offsetAt(winter, 'Asia/Kolkata'), 5.5 * HOUR);
    assert.equal(offsetAt(winter, 'UTC'), 0);
  });

  it('prints the offset with the one time that has it', () => {
    assert.equal(
      highResolutionTime(Date.UTC(2026, 2, 11, 4, 48, 27, 246), LOS_ANGELES),
      '2026-03-10T21:48:27.246-07:00',
    );
    assert.equal(highResolutionTime(Date.UTC(2026, 0, 5), 'Asia/Kolkata'), '2026-01-05T05:30:00.000+05:30');
  });

  it('reads back every time that it prints, but for the hour that comes twice', () => {
    const zones = fc.constantFrom(LOS_ANGELES, 'Europe/Berlin', 'Asia/Kolkata', 'UTC', 'Australia/Lord_Howe');
    const seconds = fc.integer({ min: Date.UTC(2020, 0, 1) / 1_000, max: Date.UTC(2030, 0, 1) / 1_000 });
    fc.assert(
      fc.property(seconds, zones, (second, zone) => {
        const text = slashedTime(second * 1_000, zone);
        const read = momentOf(text, zone);
        assert.equal(slashedTime(read ?? 0, zone), text);
        assert.ok([0, HOUR, HOUR / 2].includes(second * 1_000 - (read ?? 0)));
      }),
    );
  });

  it('refuses what is no time', () => {
    for (const text of ['', 'yesterday', '2026-01-05 04:00:00', '2026/13/05 04:00:00', '2026/01/05 04:00'])
      assert.equal(momentOf(text, LOS_ANGELES), undefined, text);
  });
});
