/** How the two members of a pair see each other. */

export type HaMode = 'active-passive' | 'active-active';

export interface HaLink {
  up: boolean;
  /** Only some links carry `conn-primary`. */
  readonly primary: boolean;
  readonly description: string;
}

export interface HaSettings {
  readonly mode: HaMode;
  /** By name, as `ha1`, `ha1-backup`, `ha2`; a link that is not configured is not listed. */
  readonly links: Map<string, HaLink>;
  configSync: 'synchronized' | 'not synchronized' | 'synchronization in progress';
  stateSync: string;
  preemptive: boolean;
  /** Of what the members have different versions: `build`, `app`, `threat`, … */
  mismatched: readonly string[];
  /** Whether HA2 sends keep-alives, which its link then shows. */
  keepAlive: boolean;
}

export function defaultHighAvailability(mode: HaMode): HaSettings {
  const links = new Map<string, HaLink>([
    ['ha1', { up: true, primary: true, description: 'heartbeat status' }],
    ['ha1-backup', { up: true, primary: false, description: 'heartbeat status' }],
    ['ha2', { up: true, primary: true, description: 'link status' }],
  ]);
  if (mode === 'active-active') links.set('ha3', { up: true, primary: true, description: 'link status' });
  return {
    mode,
    links,
    configSync: 'synchronized',
    stateSync: 'Complete',
    preemptive: false,
    mismatched: [],
    keepAlive: false,
  };
}
