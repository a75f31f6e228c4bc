import type { DemoLoop } from '../loop.ts';
import { packetBuffer } from './packet-buffer.ts';

/** A pair fails over, and right afterwards a packet buffer fills up: nothing is changed on a pair that has not settled. */
export const freshFailover: DemoLoop = {
  ...packetBuffer,
  name: 'fresh failover',
  device: 'fw-branch',
  breach: device => {
    device.makeTrouble({ kind: 'failover' });
    device.makeTrouble({ kind: 'abuse', sessions: 2, raiseTo: 92 });
    return 'the pair fails over, and two sessions drive a packet buffer of the new active member to 92 %';
  },
  closes: subject => subject.state === 'refused' && subject.reason === 'ha-failover-recent',
  after: device => void device.makeTrouble({ kind: 'end-sessions' }),
};
