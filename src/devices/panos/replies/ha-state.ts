import type { Reply } from '../reply.ts';
import { child, childText, type XmlElement } from '../xml/element.ts';

/** What one member says of its HA group. */
export type HaState =
  | { readonly enabled: false }
  | {
      readonly enabled: true;
      readonly mode: 'active-passive' | 'active-active' | 'unknown';
      readonly local: LocalState;
      /** The peer as this member sees it; undefined where it says nothing of it. */
      readonly peer: { readonly state: MemberState; readonly connected: boolean } | undefined;
    };

interface LocalState {
  readonly state: MemberState;
}

const STATES = [
  'active',
  'passive',
  'active-primary',
  'active-secondary',
  'initial',
  'tentative',
  'non-functional',
  'suspended',
] as const;

/** `unknown` stands for whatever else a device says, Panorama's vocabulary included. */
export type MemberState = (typeof STATES)[number] | 'unknown';

/**
 * `show high-availability state`. Seen on 9.1.11, 10.0.9 and 10.1.12; disabled in three shapes. Throws DeviceSurprise
 * when it does not say whether HA is enabled.
 */
export function readHaState(reply: Reply): HaState {
  const enabled = childText(reply.result, 'enabled');
  if (enabled === 'no') return { enabled: false };
  if (enabled !== 'yes') throw reply.surprise('no <enabled>');
  const group = child(reply.result, 'group') ?? reply.result;
  const local = child(group, 'local-info');
  return {
    enabled: true,
    mode: readMode(childText(group, 'mode') ?? childText(local, 'mode')),
    local: { state: readState(childText(local, 'state')) },
    peer: readPeer(child(group, 'peer-info')),
  };
}

function readPeer(peer: XmlElement | undefined) {
  if (!peer) return undefined;
  return { state: readState(childText(peer, 'state')), connected: childText(peer, 'conn-status') === 'up' };
}

function readMode(text: string | undefined): 'active-passive' | 'active-active' | 'unknown' {
  const mode = text?.toLowerCase();
  return mode === 'active-passive' || mode === 'active-active' ? mode : 'unknown';
}

function readState(text: string | undefined): MemberState {
  return STATES.find(state => state === text?.toLowerCase()) ?? 'unknown';
}
