import type { Reply } from '../reply.ts';
import { child, childrenNamed, childText, textOf, wholeNumber, type XmlElement } from '../xml/element.ts';

/** What one member says of its HA group. What the reply does not say is undefined. */
export type HaState =
  | { readonly enabled: false }
  | {
      readonly enabled: true;
      readonly mode: HaMode | 'unknown';
      readonly local: LocalState;
      /** The peer as this member sees it. */
      readonly peer: PeerState | undefined;
      readonly configSync: ConfigSync | undefined;
      /** Connections with the peer, by the name that the reply gives them (`ha1`, `ha1-backup`, `ha2`, …). */
      readonly links: readonly HaPart[];
      readonly monitoredInterfaces: readonly HaPart[];
    };

export type HaEnabled = Extract<HaState, { enabled: true }>;

export const HA_MODES = ['active-passive', 'active-active'] as const;
export type HaMode = (typeof HA_MODES)[number];

interface LocalState {
  readonly state: MemberState;
  /** Since when it is in this state, in seconds. */
  readonly stateSeconds: number | undefined;
  readonly priority: number | undefined;
  readonly preemptive: boolean | undefined;
  readonly stateSync: 'complete' | 'disabled' | 'other' | undefined;
  /** Whether software and content are those of the peer: `build`, `app`, `threat`, …; up to 32 of them. */
  readonly matches: readonly { readonly name: string; readonly match: boolean }[];
}

interface PeerState {
  readonly state: MemberState;
  readonly connected: boolean;
}

/** `up` is undefined where the reply uses a word that is not known. */
export interface HaPart {
  readonly name: string;
  readonly up: boolean | undefined;
}

export const MEMBER_STATES = [
  'active',
  'passive',
  'active-primary',
  'active-secondary',
  'initial',
  'tentative',
  'non-functional',
  'suspended',
  'unknown',
] as const;

/** `unknown` stands for whatever else a device says, Panorama's vocabulary included. */
export type MemberState = (typeof MEMBER_STATES)[number];

/** `disabled`: nobody wants it. `unknown`: a text that is not known. */
export type ConfigSync = 'synchronized' | 'not-synchronized' | 'in-progress' | 'disabled' | 'unknown';

/**
 * `show high-availability state`. Seen on 9.1.11, 10.0.9 and 10.1.12; disabled in three shapes. What was renamed in 10.0
 * (`fail-cond`, `vwire`, `vrouter`) is not read. Throws DeviceSurprise when it does not say whether HA is enabled.
 */
export function readHaState(reply: Reply): HaState {
  const enabled = childText(reply.result, 'enabled');
  if (enabled === 'no') return { enabled: false };
  if (enabled !== 'yes') throw reply.surprise('no <enabled>');
  const group = child(reply.result, 'group') ?? reply.result;
  const local = child(group, 'local-info');
  const peer = child(group, 'peer-info');
  return {
    enabled: true,
    mode: readMode(childText(group, 'mode') ?? childText(local, 'mode')),
    local: readLocal(local),
    peer: readPeer(peer),
    configSync: readConfigSync(group),
    links: named(peer?.children ?? [], /^conn-(.+)$/, link => upOrDown(childText(link, 'conn-status'))),
    monitoredInterfaces: readInterfaces(child(group, 'link-monitoring')),
  };
}

function readLocal(local: XmlElement | undefined): LocalState {
  return {
    state: readState(childText(local, 'state')),
    stateSeconds: wholeNumber(childText(local, 'state-duration')),
    // Panorama says primary and secondary here.
    priority: wholeNumber(childText(local, 'priority')),
    preemptive: yesOrNo(childText(local, 'preemptive')),
    stateSync: readStateSync(childText(local, 'state-sync')),
    matches: readMatches(local?.children ?? []),
  };
}

function readPeer(peer: XmlElement | undefined): PeerState | undefined {
  if (!peer) return undefined;
  return { state: readState(childText(peer, 'state')), connected: childText(peer, 'conn-status') === 'up' };
}

function readMode(text: string | undefined): HaMode | 'unknown' {
  return HA_MODES.find(mode => mode === text?.toLowerCase()) ?? 'unknown';
}

function readState(text: string | undefined): MemberState {
  return MEMBER_STATES.find(state => state === text?.toLowerCase()) ?? 'unknown';
}

function readConfigSync(group: XmlElement): ConfigSync | undefined {
  if (childText(group, 'running-sync-enabled') === 'no') return 'disabled';
  switch (childText(group, 'running-sync')?.toLowerCase()) {
    case undefined:
      return undefined;
    case 'synchronized':
      return 'synchronized';
    case 'not synchronized':
      return 'not-synchronized';
    case 'synchronization in progress':
      return 'in-progress';
    default:
      return 'unknown';
  }
}

function readStateSync(text: string | undefined): LocalState['stateSync'] {
  if (text === undefined) return undefined;
  const said = text.toLowerCase();
  return said === 'complete' ? 'complete' : said === 'user-disabled' ? 'disabled' : 'other';
}

function readMatches(fields: readonly XmlElement[]): LocalState['matches'] {
  const match: Readonly<Record<string, boolean>> = { match: true, mismatch: false };
  return named(fields, /^(.+)-compat$/, field => match[textOf(field)?.toLowerCase() ?? '']).flatMap(({ name, up }) =>
    up === undefined ? [] : [{ name, match: up }],
  );
}

function readInterfaces(monitoring: XmlElement | undefined): readonly HaPart[] {
  const groups = childrenNamed(child(monitoring, 'groups'), 'entry');
  const interfaces = groups.flatMap(group => childrenNamed(child(group, 'interface'), 'entry'));
  const parts = interfaces.flatMap(entry => {
    const name = childText(entry, 'name');
    return name !== undefined && INTERFACE.test(name) ? [{ name, up: upOrDown(childText(entry, 'status')) }] : [];
  });
  return distinct(parts, MOST_INTERFACES);
}

const INTERFACE = /^[A-Za-z][\w./-]{0,31}$/;
const MOST_INTERFACES = 256;

const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const MOST_NAMED = 32;

/** The elements whose name says what they are about, where that is a name that a label can hold. */
function named(
  elements: readonly XmlElement[],
  pattern: RegExp,
  read: (element: XmlElement) => boolean | undefined,
): readonly HaPart[] {
  const parts = elements.flatMap(element => {
    const name = pattern.exec(element.name)?.[1]?.toLowerCase();
    // <conn-status> is about the peer as a whole.
    return name === undefined || name === 'status' || !NAME.test(name) ? [] : [{ name, up: read(element) }];
  });
  return distinct(parts, MOST_NAMED);
}

/** Of two parts with one name that disagree, neither can be believed; one name is one part. */
function distinct(parts: readonly HaPart[], most: number): readonly HaPart[] {
  const byName = new Map<string, HaPart>();
  for (const part of parts) {
    const same = byName.get(part.name);
    byName.set(part.name, same && same.up !== part.up ? { ...part, up: undefined } : part);
  }
  return [...byName.values()].slice(0, most);
}

function upOrDown(text: string | undefined): boolean | undefined {
  const said = text?.toLowerCase();
  return said === 'up' ? true : said === 'down' ? false : undefined;
}

function yesOrNo(text: string | undefined): boolean | undefined {
  return text === 'yes' ? true : text === 'no' ? false : undefined;
}
