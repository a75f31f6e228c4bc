import { type DemoLoop, endedWell } from '../loop.ts';
import { quotaLoop, use } from './quota.ts';

/** A user is over the limit on two addresses together, neither of which is: both are tagged. */
export const quotaUser: DemoLoop = {
  ...quotaLoop,
  name: 'quota: a user',
  target: 'user:corp\\bob',
  breach: device => {
    use(device, '10.1.20.12', 'corp\\bob', 13_000_000);
    use(device, '10.1.20.22', 'corp\\bob', 12_000_000);
    return 'a user used 13 MB and 12 MB on two addresses, the limit is 20 MB';
  },
  closes: subject => endedWell(subject) && subject.state === 'released',
};
