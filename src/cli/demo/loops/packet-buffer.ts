import { type DemoLoop, endedWell } from '../loop.ts';

/** Three sessions fill the packet buffer of one dataplane to 92 %; discarding them lets it fall. */
export const packetBuffer: DemoLoop = {
  name: 'packet buffer',
  device: 'fw-edge',
  remedy: 'panos/discard-sessions',
  policy: () => ({ mode: 'auto', threshold: 80, cooldown: '5s' }),
  breach: device => {
    device.makeTrouble({ kind: 'abuse', sessions: 3, raiseTo: 92 });
    return 'three sessions drive a packet buffer to 92 %';
  },
  closes: endedWell,
};
