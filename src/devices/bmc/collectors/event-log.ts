import { sample, type Metric, type Sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import { EVENT_KINDS } from '../sel/event-kind.ts';
import type { LogReading } from '../sel/log-event.ts';
import { PCI_ERRORS } from '../sel/pci-error.ts';
import { placeKey, type Tally } from '../sel/tally.ts';
import type { BmcSession } from '../session.ts';

/** Seconds. Reading a whole log costs a BMC up to a minute of its small processor, so no scrape waits for it. */
const CADENCE = 15;

const events: Metric = {
  name: 'bmc_sel_events_total',
  help: 'Events in the BMC event log by kind, from what it held at first sight.',
  kind: 'counter',
  labels: ['kind'],
};
const pciErrors: Metric = {
  name: 'bmc_sel_pci_errors_total',
  help: 'PCI errors in the BMC event log by error and place, from what it held at first sight. Bus and device in hex.',
  kind: 'counter',
  labels: ['error', 'bus', 'device_function'],
  limit: 200,
};
const lastEvent: Metric = {
  name: 'bmc_sel_last_event_timestamp_seconds',
  help: "Newest event of a kind, by the BMC's own clock.",
  kind: 'gauge',
  labels: ['kind'],
};
const entries: Metric = {
  name: 'bmc_sel_entries',
  help: 'Entries in the BMC event log now.',
  kind: 'gauge',
  labels: [],
};
const freeBytes: Metric = {
  name: 'bmc_sel_free_bytes',
  help: 'Room left in the BMC event log.',
  kind: 'gauge',
  labels: [],
};
const overflow: Metric = {
  name: 'bmc_sel_overflow',
  help: '1 when the BMC says that it dropped events for lack of room.',
  kind: 'gauge',
  labels: [],
};
const truncated: Metric = {
  name: 'bmc_sel_truncated',
  help: '1 when the BMC has more entries than it gave, so that events may be missing from the counts.',
  kind: 'gauge',
  labels: [],
};
const undecoded: Metric = {
  name: 'bmc_sel_undecoded_entries',
  help: 'Entries of the BMC event log that could not be read.',
  kind: 'gauge',
  labels: [],
};

/** The event log and what it has shown so far. */
export const eventLog: Collector<BmcSession> = {
  name: 'event-log',
  cadence: CADENCE,
  metrics: [events, pciErrors, lastEvent, entries, freeBytes, overflow, truncated, undecoded],
  collect: async (session, signal) => {
    const { reading, tally } = await session.readLog(signal);
    return [...counts(tally), ...state(reading)];
  },
};

/** Kinds and errors that never came have a count of 0, so that the first one is an increase. */
function counts(tally: Tally): Sample[] {
  const samples = EVENT_KINDS.map(kind => sample(events, { kind }, tally.kinds.get(kind)?.count ?? 0));
  for (const [kind, { lastTime }] of tally.kinds) {
    if (lastTime !== undefined) samples.push(sample(lastEvent, { kind }, lastTime));
  }
  const places = new Set([...PCI_ERRORS.map(error => placeKey({ error })), ...tally.pci.keys()]);
  for (const place of places) {
    const [error = '', bus = '', device_function = ''] = place.split(' ');
    samples.push(sample(pciErrors, { error, bus, device_function }, tally.pci.get(place) ?? 0));
  }
  return samples;
}

function state(reading: LogReading): Sample[] {
  return [
    sample(entries, {}, reading.declared ?? reading.events.length),
    ...(reading.freeBytes === undefined ? [] : [sample(freeBytes, {}, reading.freeBytes)]),
    ...(reading.overflow === undefined ? [] : [sample(overflow, {}, reading.overflow ? 1 : 0)]),
    sample(truncated, {}, reading.truncated ? 1 : 0),
    sample(undecoded, {}, reading.undecoded),
  ];
}
