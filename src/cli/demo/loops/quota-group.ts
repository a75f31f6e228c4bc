import { type DemoLoop, endedWell } from '../loop.ts';
import { quotaLoop, use } from './quota.ts';

/** A group is over its limit, none of its members is: every member is tagged as a user. */
export const quotaGroup: DemoLoop = {
  ...quotaLoop,
  name: 'quota: a group',
  target: 'group:corp\\interns',
  breach: device => {
    use(device, '10.1.20.13', 'corp\\carol', 12_000_000);
    use(device, '10.1.30.5', 'corp\\dave', 11_000_000);
    return 'two members of a group used 23 MB together, the limit of the group is 20 MB';
  },
  closes: subject => endedWell(subject) && subject.state === 'released',
};
