/**
 * `show running resource-monitor second` and `minute`. The dataplane's name is the element name, and dataplanes come
 * in descending order, as on a PA-5060.
 */
import { type Call, type Command, reads } from '../command.ts';
import { childText } from '../command-element.ts';
import { invalidArgument, type Reply, success } from '../replies.ts';
import type { Dataplane, Member } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';
import type { Load } from '../state/session.ts';
import { element, fields, type Xml } from '../xml.ts';

export const resourceMonitorCommands: readonly Command[] = [
  reads('show running resource-monitor second', call => resourceMonitor(call, 'second')),
  reads('show running resource-monitor minute', call => resourceMonitor(call, 'minute')),
];

const MOST_VALUES = 60;
const SAMPLES_A_MINUTE = 12;

function resourceMonitor(call: Call, window: 'second' | 'minute'): Reply {
  const asked = (call.argument && childText(call.argument, 'last')) ?? String(MOST_VALUES);
  const count = Number(asked);
  if (!Number.isInteger(count) || count < 1 || count > MOST_VALUES) {
    return invalidArgument(['show', 'running', 'resource-monitor', window, 'last'], asked);
  }
  const { member, state } = call;
  const dataplanes = [...member.dataplanes]
    .sort((left, right) => right.name.localeCompare(left.name))
    .map(dataplane => element(dataplane.name, element(window, ...report(state, member, dataplane, window, count))));
  return success(element('resource-monitor', element('data-processors', ...dataplanes)));
}

function report(state: PanosState, member: Member, dataplane: Dataplane, window: string, count: number): Xml[] {
  const rows =
    window === 'second' ? perSecond(state, member, dataplane, count) : perMinute(state, member, dataplane, count);
  const cpu = entries([1, 2, 3].map(core => ['coreid', core, Array.from({ length: count }, () => 4 + core)]));
  return fields({
    'cpu-load-average': cpu,
    'cpu-load-maximum': cpu,
    'resource-utilization': entries(rows.map(([name, values]) => ['name', name, values])),
  });
}

type Row = readonly [name: string, values: readonly number[]];

// Newest first.
function perSecond(state: PanosState, member: Member, dataplane: Dataplane, count: number): readonly Row[] {
  const loads = Array.from({ length: count }, (_, age) => state.load(member, dataplane, state.now() - age * 1_000));
  return resources(state).map(([name, read]) => [name, loads.map(read)]);
}

function perMinute(state: PanosState, member: Member, dataplane: Dataplane, count: number): readonly Row[] {
  const minutes = Array.from({ length: count }, (_, minute) =>
    Array.from({ length: SAMPLES_A_MINUTE }, (_, sample) =>
      state.load(member, dataplane, state.now() - minute * 60_000 - (sample * 60_000) / SAMPLES_A_MINUTE),
    ),
  );
  return resources(state).flatMap(([name, read]): readonly Row[] => [
    [`${name} (average)`, minutes.map(loads => loads.map(read).reduce((sum, value) => sum + value, 0) / loads.length)],
    [`${name} (maximum)`, minutes.map(loads => Math.max(...loads.map(read)))],
  ]);
}

// VM-Series has no on-chip descriptors: the row is absent, not 0.
function resources(state: PanosState): readonly (readonly [string, (load: Load) => number])[] {
  const rows = [
    ['session', () => 2],
    ['packet buffer', (load: Load) => load.packetBuffer],
    ['packet descriptor', (load: Load) => load.packetDescriptor],
    ['packet descriptor (on-chip)', (load: Load) => load.onChipDescriptor],
  ] as const;
  return state.platform.virtual ? rows.slice(0, 3) : rows;
}

function entries(rows: readonly (readonly [label: string, name: string | number, values: readonly number[]])[]): Xml[] {
  return rows.map(([label, name, values]) =>
    element('entry', element(label, name), element('value', values.map(value => Math.round(value)).join(','))),
  );
}
