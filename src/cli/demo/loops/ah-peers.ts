import { type DemoLoop, endedWell } from '../loop.ts';

/** Dead AH sessions of one peer pile up to twelve thousand; clearing its SAs frees them, and its tunnels come back. */
export const ahPeers: DemoLoop = {
  name: 'dead AH sessions',
  device: 'srx-vpn',
  remedy: 'junos/clear-ah-peers',
  policy: () => ({ mode: 'auto', cooldown: '5s', max_actions_per_hour: 200 }),
  breach: device => {
    device.makeTrouble({ kind: 'pile-up', sessions: 12_000 });
    return 'dead AH sessions of one peer pile up to 12,000';
  },
  closes: endedWell,
};
