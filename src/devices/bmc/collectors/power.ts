import { PartialResult } from '../../../core/errors.ts';
import { sample, type Metric, type Sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import type { BmcSession } from '../session.ts';

const powerOn: Metric = {
  name: 'bmc_power_on',
  help: '1 when the host behind the BMC has power, 0 when it is off.',
  kind: 'gauge',
  labels: [],
};
const logins: Metric = {
  name: 'bmc_logins_total',
  help: 'Logins to the BMC since the service started. Each one is an entry in some log of the BMC.',
  kind: 'counter',
  labels: [],
};
const refused: Metric = {
  name: 'bmc_login_refused',
  help: '1 when the BMC refused the credentials and no login is tried for a while.',
  kind: 'gauge',
  labels: [],
};

/** Whether the host is on, and how we get on with the BMC's login. */
export const power: Collector<BmcSession> = {
  name: 'power',
  cadence: 15,
  metrics: [powerOn, logins, refused],
  collect: async (session, signal) => {
    try {
      const state = await session.readPower(signal);
      return [sample(powerOn, {}, state === 'on' ? 1 : 0), ...loginSamples(session)];
    } catch (error) {
      throw new PartialResult(loginSamples(session), [error]);
    }
  },
};

function loginSamples(session: BmcSession): readonly Sample[] {
  return [sample(logins, {}, session.logins.count), sample(refused, {}, session.logins.refused ? 1 : 0)];
}
