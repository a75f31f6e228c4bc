import { sample, type Metric } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import type { BmcSession } from '../session.ts';

const logins: Metric = {
  name: 'bmc_logins_total',
  help: 'Logins to the BMC since the service started. Each one is an entry in some BMC log.',
  kind: 'counter',
  labels: [],
};
const refused: Metric = {
  name: 'bmc_login_refused',
  help: '1 when the BMC refused the credentials and no login is tried for a while.',
  kind: 'gauge',
  labels: [],
};

/** How we get on with the BMC's login. Asks the BMC nothing. */
export const access: Collector<BmcSession> = {
  name: 'access',
  cadence: 'scrape',
  metrics: [logins, refused],
  collect: async session => [
    sample(logins, {}, session.logins.count),
    sample(refused, {}, session.logins.refused ? 1 : 0),
  ],
};
