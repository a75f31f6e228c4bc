import { h } from 'preact';
import type { CollectorStatus, DeviceStatus } from '../../observe/status.ts';
import type { DeviceInfo } from '../parts.ts';
import { heading, type Html } from './html.ts';
import { pill } from './pill.ts';
import { ago } from './time.ts';

/** Every device, how it stood when it was last read, and what failed. */
export function devicesSection(devices: readonly DeviceInfo[], status: readonly DeviceStatus[], now: number): Html {
  const byName = new Map(status.map(one => [one.name, one]));
  return h(
    'section',
    { id: 'devices' },
    h('h2', null, 'Devices ', h('span', { class: 'count' }, String(devices.length))),
    h(
      'table',
      null,
      heading('device', 'state', 'last read', 'collectors', 'address'),
      h('tbody', null, ...devices.map(device => deviceRow(device, byName.get(device.name), now))),
    ),
  );
}

function deviceRow(device: DeviceInfo, status: DeviceStatus | undefined, now: number): Html {
  const collectors = status?.collectors ?? [];
  const last = Math.max(...collectors.map(collector => collector.lastSuccessAt ?? 0));
  return h(
    'tr',
    null,
    h('td', null, h('strong', null, device.name), ' ', h('span', { class: 'faint' }, device.driver)),
    h('td', null, statePill(status)),
    h('td', null, last > 0 ? ago(last, now) : h('span', { class: 'faint' }, 'never')),
    h('td', null, ...collectors.map(collectorMark), ...collectors.map(collectorError)),
    h('td', { class: 'faint' }, device.addresses.join(', ')),
  );
}

function statePill(status: DeviceStatus | undefined): Html {
  if (status?.up === undefined) return pill('quiet', 'not read yet');
  if (!status.up) return pill('bad', 'down');
  return status.collectors.some(collector => collector.success === false)
    ? pill('warn', 'in part')
    : pill('good', 'up');
}

function collectorMark({ name, success, durationMs }: CollectorStatus): Html {
  const tone = success === undefined ? 'quiet' : success ? 'good' : 'bad';
  const title = durationMs === undefined ? 'did not run yet' : `last run took ${Math.round(durationMs)} ms`;
  return h('span', { class: `mark ${tone}`, title }, name);
}

function collectorError({ name, error }: CollectorStatus): Html {
  return error === undefined ? null : h('div', { class: 'error' }, `${name}: ${error}`);
}
