import { sample, type Metric } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import { showSystemInfo } from '../commands.ts';
import { readSystemInfo } from '../replies/system-info.ts';
import type { PanosSession } from '../session.ts';
import { fromEachMember } from './each-member.ts';

const info: Metric = {
  name: 'panos_system_info',
  help: 'What the member is: always 1, the labels tell. A label is empty where the device does not say.',
  kind: 'gauge',
  labels: ['member', 'hostname', 'model', 'serial', 'sw_version'],
};

const uptime: Metric = {
  name: 'panos_uptime_seconds',
  help: 'Seconds since the management plane of the member started.',
  kind: 'gauge',
  labels: ['member'],
};

/** Model, version and uptime of each member: one call a member. */
export const system: Collector<PanosSession> = {
  name: 'system',
  cadence: 'scrape',
  metrics: [info, uptime],
  collect: (session, signal) =>
    fromEachMember(session, async member => {
      const found = readSystemInfo(await member.read(showSystemInfo, signal));
      const { hostname = '', model = '', serial = '', version = '', uptimeSeconds } = found;
      const labels = { member: member.name, hostname, model, serial, sw_version: version };
      const up = uptimeSeconds === undefined ? [] : [sample(uptime, { member: member.name }, uptimeSeconds)];
      return [sample(info, labels, 1), ...up];
    }),
};
