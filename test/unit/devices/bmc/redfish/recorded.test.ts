import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { readEntry } from '../../../../../src/devices/bmc/redfish/entry.ts';
import { readPage, readPages } from '../../../../../src/devices/bmc/redfish/log-pages.ts';
import {
  actionInfo,
  computerSystem,
  explanationOf,
  logService,
  serviceRoot,
} from '../../../../../src/devices/bmc/redfish/replies.ts';
import { offeredResets } from '../../../../../src/devices/bmc/redfish/resets.ts';
import type { BoardMaker } from '../../../../../src/devices/bmc/sel/board-maker.ts';
import { firstSight } from '../../../../../src/devices/bmc/sel/tally.ts';
import { sharedDir, sharedMissing } from '../../../../support/shared.ts';

const shared = sharedDir();
const skip = shared === undefined && sharedMissing;
const folder = join(shared ?? '', 'device-outputs/bmc');

/** Each recorded log: its maker, entries, whether there is more, and what its events are counted as. */
const LOGS: readonly (readonly [string, BoardMaker, number, boolean, Readonly<Record<string, number>>])[] = [
  [
    'supermicro-x13/Systems_1_LogServices_Log1_Entries.json',
    'supermicro',
    82,
    false,
    { 'ac-power-on': 4, clock: 36, 'power-supply': 22, deassertion: 2, temperature: 1, 'login-failed': 4, other: 13 },
  ],
  ['supermicro-x13/Managers_1_LogServices_Log1_Entries.json', 'supermicro', 509, false, { other: 509 }],
  ['dell-idrac9/Sel_Entries.json', 'dell', 5, false, { other: 5 }],
  ['dell-idrac9/Lclog_Entries.json', 'dell', 5, false, { other: 5 }],
  ['hpe-ilo5/IML_Entries.json', 'other', 5, false, { other: 7 }],
  ['hpe-ilo5/IEL_Entries.json', 'other', 5, false, { other: 196 }],
  ['hpe-ilo5/Event_Entries.json', 'other', 5, false, { other: 5 }],
  ['dmtf-mockups/catfish_SEL_Entries.json', 'other', 2, false, { temperature: 2 }],
  ['dmtf-mockups/rackmount1_Log1_Entries.json', 'other', 2, false, { temperature: 2 }],
];

for (const [file, maker, entries, truncated, kinds] of LOGS) {
  test(`the recorded log ${file} is counted right`, { skip }, () => {
    const page = readPage(recorded(`redfish/${file}`));
    assert(page);
    const reading = readPages([page], maker);
    const tally = firstSight(reading, 0);
    const counts = Object.fromEntries([...tally.kinds].map(([kind, { count }]) => [kind, count]));
    assert.equal(reading.events.length, entries);
    assert.equal(reading.undecoded, 0);
    assert.equal(reading.truncated, truncated);
    assert.deepEqual(counts, kinds);
    assert.equal(tally.pci.size, 0);
  });
}

test('every recorded log is in the table', { skip }, () => {
  const vendors = readdirSync(join(folder, 'redfish'));
  const found = vendors.flatMap(vendor =>
    readdirSync(join(folder, 'redfish', vendor))
      .filter(name => name.endsWith('Entries.json'))
      .map(name => `${vendor}/${name}`),
  );
  assert.deepEqual(found.toSorted(), LOGS.map(([file]) => file).toSorted());
});

test('single recorded entries mean what their bytes mean, or are told to be of other kind', { skip }, () => {
  const kindOf = (value: unknown, maker: BoardMaker) => {
    const event = readEntry(value, maker);
    return event && [event.kind, event.times, event.time];
  };
  const x13 = recorded('redfish/supermicro-x13/Systems_1_LogServices_Log1_Entries_2.json');
  assert.deepEqual(kindOf(x13, 'supermicro'), ['ac-power-on', 1, 1_691_165_771]);
  const arrays = recorded('excerpts/idrac7-8-sel-entry.array-form.json');
  assert.deepEqual(kindOf(arrays, 'dell'), ['other', 1, 1_594_679_218]);
  const strings = recorded('excerpts/idrac8-sel-entry.string-form.json');
  assert.deepEqual(kindOf(strings, 'dell'), ['other', 1, 1_545_213_854]);
  const lifecycle = recorded('excerpts/idrac9-lclog-entry.json');
  assert.deepEqual(kindOf(lifecycle, 'dell'), ['other', 1, 1_770_768_525]);
  const [folded] = recorded('excerpts/hpe-iml-gen11-entry.count-2.DOC.json') as readonly unknown[];
  assert.deepEqual(kindOf(folded, 'other'), ['other', 2, 1_663_256_534]);
});

test('a Supermicro entry is the record that IPMI shows of the same event', () => {
  const entry = {
    Id: '17',
    Created: '2019-06-18T20:38:09Z',
    SensorNumber: 0,
    MessageId: '0xA58012',
    GeneratorId: '0x0033',
    Oem: { Supermicro: { RawEventData: { EventDirAndType: '0x6F', SensorType: '0x13' } } },
  };
  const event = readEntry(entry, 'supermicro');
  assert.equal(event?.content, '02b14b095d33000413006fa58012');
  assert.deepEqual(event?.pci, { error: 'serr', bus: '80', deviceFunction: '02.2' });
  const deasserted = readEntry(
    { ...entry, Oem: { Supermicro: { RawEventData: { EventDirAndType: '0xEF', SensorType: '0x13' } } } },
    'supermicro',
  );
  assert.equal(deasserted?.kind, 'deassertion');
  const contradictory = readEntry({ ...entry, EntryCode: 'Deassert' }, 'supermicro');
  assert.deepEqual([contradictory?.kind, contradictory?.pci], ['deassertion', undefined]);
});

test('four bytes of MessageId are byte 13 and the event data, and three are no PCI error', () => {
  const entry = {
    Id: '1',
    Created: '2024-01-01T00:00:00Z',
    EntryCode: 'Assert',
    SensorType: 'Critical Interrupt',
    SensorNumber: 1,
  };
  const dell = readEntry({ ...entry, MessageId: '6fa51205', GeneratorId: '0x00b1' }, 'dell');
  assert.deepEqual(dell?.pci, { error: 'serr', bus: '05', deviceFunction: '02.2' });
  const schema = readEntry({ ...entry, MessageId: '0x6FAA0519', GeneratorId: '0x0033' }, 'other');
  assert.deepEqual(schema?.pci, { error: 'fatal', bus: '05', deviceFunction: '03.1' });
  assert.equal(readEntry({ ...entry, MessageId: '0xA58012' }, 'other')?.kind, 'critical-interrupt');
  assert.equal(readEntry({ ...entry, MessageId: '0x5ff' }, 'dell')?.kind, 'other');
});

test('an entry stays the same when it is acknowledged, repaired or repeated', () => {
  const iml = (change: object) =>
    readEntry(
      {
        Id: '3',
        Created: '2023-01-19T01:12:36Z',
        Message: 'power',
        Oem: { Hpe: { Count: 1, Class: 11, Code: 82, ...change } },
      },
      'other',
    );
  assert.equal(iml({})?.content, iml({ Count: 4, Repaired: true, Updated: '2024-01-01T00:00:00Z' })?.content);
  assert.equal(iml({ Count: 4 })?.times, 4);
});

test('what is no entry is told as undecoded', () => {
  const page = readPage({
    Members: [{ Id: 7 }, { Id: '1', Created: '2024-01-01T00:00:00Z' }, null],
    'Members@odata.count': 3,
  });
  assert(page);
  const reading = readPages([page], 'other');
  assert.equal(reading.undecoded, 2);
  assert.equal(reading.truncated, false);
});

test('fewer entries than the count is a truncated log', () => {
  const page = readPage({ Members: [{ Id: '1' }], 'Members@odata.count': 65 });
  assert(page);
  assert.equal(readPages([page], 'dell').truncated, true);
});

const RESETS = [
  ['dell-idrac9/Systems_System.Embedded.1.json', ['nmi', 'graceful-restart', 'force-restart', 'power-cycle']],
  ['hpe-ilo5/Systems_1.json', ['nmi', 'graceful-restart', 'force-restart']],
  ['supermicro-x13/Systems_1.json', ['nmi', 'graceful-restart', 'force-restart', 'power-cycle']],
  ['dmtf-mockups/rackmount1_System.json', ['nmi', 'graceful-restart', 'force-restart']],
] as const;

for (const [file, expected] of RESETS) {
  test(`the resets that ${file} allows are offered, and no others`, { skip }, async () => {
    const system = computerSystem.parse(recorded(`redfish/${file}`));
    const offered = await offeredResets(system, async (path, schema) => {
      assert.equal(path, '/redfish/v1/Systems/1/ResetActionInfo');
      return schema.parse(actionInfo.parse(recorded('redfish/supermicro-x13/Systems_1_ResetActionInfo.json')));
    });
    assert.deepEqual([...offered.keys()], expected);
    assert.equal(system.PowerState, 'On');
  });
}

test('the recorded services and roots are read', { skip }, () => {
  assert.equal(
    serviceRoot.parse(recorded('redfish/supermicro-x13/ServiceRoot.json')).Systems['@odata.id'],
    '/redfish/v1/Systems',
  );
  const services = [
    'supermicro-x13/Systems_1_LogServices_Log1',
    'dell-idrac9/Sel',
    'dell-idrac9/Lclog',
    'hpe-ilo5/IML',
    'hpe-ilo5/IEL',
    'dmtf-mockups/catfish_SEL',
  ];
  const types = services.map(name => logService.parse(recorded(`redfish/${name}.json`)).LogEntryType);
  assert.deepEqual(types, ['SEL', 'SEL', 'OEM', undefined, undefined, undefined]);
});

test('the recorded error of a full session table is told in its own words', { skip }, () => {
  const body = readFileSync(join(folder, 'excerpts/idrac-503-max-sessions.json'));
  assert.equal(explanationOf(body), ' (IDRAC.2.1.RAC0218: The maximum number of user sessions is reached.)');
});

function recorded(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
