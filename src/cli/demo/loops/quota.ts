import type { SimulatedDevice } from '../../../simulators/device.ts';

/** What the loops about quotas have in common. Blocks of four seconds are long enough to be seen. */
export const quotaLoop = {
  device: 'fw-edge',
  remedy: 'panos/block-quota',
  policy: () => ({ mode: 'auto', hold: '4s', cooldown: '5s' }),
} as const;

/** In the last complete quarter of an hour and in the one that follows, which may come while the loop runs. */
export function use(device: SimulatedDevice, address: string, user: string, bytes: number): void {
  device.makeTrouble({ kind: 'usage', address, user, bytes, buckets: 2 });
}
