import { type DemoLoop, endedWell } from '../loop.ts';
import { quotaLoop, use } from './quota.ts';

/** One address is over its limit: tagged, denied by the dynamic address group, and free again. */
export const quotaAddress: DemoLoop = {
  ...quotaLoop,
  name: 'quota: an address',
  target: 'address:10.1.20.14',
  breach: device => {
    use(device, '10.1.20.14', '', 25_000_000);
    return 'an address used 25 MB, its limit is 20 MB';
  },
  closes: subject => endedWell(subject) && subject.state === 'released',
};
