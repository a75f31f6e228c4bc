/** What kind of firewall is simulated: this decides which replies exist at all and how their elements are called. */
export interface Platform {
  readonly model: string;
  readonly family: string;
  readonly version: string;
  /** VM-Series: one dataplane, no on-chip descriptors, no ingress-backlogs. */
  readonly virtual: boolean;
  readonly dataplanes: readonly string[];
  readonly sessionLimit: number;
  /** IANA name; the firewall prints its times in this zone without an offset. */
  readonly timeZone: string;
  /** The virtual systems; the first is the one that calls without `vsys=` mean. */
  readonly systems: readonly [string, ...string[]];
}

export const PA_5250: Platform = {
  model: 'PA-5250',
  family: '5200',
  version: '11.1.4-h7',
  virtual: false,
  dataplanes: ['s1dp0', 's1dp1'],
  sessionLimit: 8_000_000,
  timeZone: 'America/Los_Angeles',
  systems: ['vsys1'],
};

export const PA_VM: Platform = {
  model: 'PA-VM',
  family: 'vm',
  version: '10.2.9-h1',
  virtual: true,
  dataplanes: ['dp0'],
  sessionLimit: 250_000,
  timeZone: 'America/Los_Angeles',
  systems: ['vsys1'],
};

/** The same dataplane as other commands spell it. */
interface DataplaneNames {
  readonly slot: string;
  readonly dp: string;
  /** `*.dp0` */
  readonly session: string;
  /** `sw.comm.s1.dp0` */
  readonly component: string;
}

/** `s1dp0` → slot s1, dp dp0. A fixed box's `dp0` counts as slot 1. */
export function dataplaneNames(name: string): DataplaneNames {
  const match = /^(?:(s\d+))?(dp\d+)$/.exec(name);
  if (!match) throw new RangeError(`not a dataplane name: ${name}`);
  const slot = match[1] ?? 's1';
  const dp = match[2] ?? 'dp0';
  return { slot, dp, session: `*.${dp}`, component: `sw.comm.${slot}.${dp}` };
}

/** Whether HA replies use the tag names of 10.0 and later (`failure-condition`) or the older ones (`fail-cond`). */
export function hasNewHaTags(platform: Platform): boolean {
  return major(platform) >= 10;
}

/** 11 of `11.1.4-h7`. */
export function major(platform: Platform): number {
  return Number(platform.version.split('.')[0]);
}
