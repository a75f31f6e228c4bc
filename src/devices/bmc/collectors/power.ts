import { sample, type Metric } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import type { BmcSession } from '../session.ts';

const powerOn: Metric = {
  name: 'bmc_power_on',
  help: '1 when the host behind the BMC has power, 0 when it is off.',
  kind: 'gauge',
  labels: [],
};

/** Whether the host is on. */
export const power: Collector<BmcSession> = {
  name: 'power',
  cadence: 15,
  metrics: [powerOn],
  collect: async (session, signal) => [sample(powerOn, {}, (await session.readPower(signal)) === 'on' ? 1 : 0)],
};
