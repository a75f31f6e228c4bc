import { parseAddress } from './address.ts';

/** What a remedy is aimed at. `device`: the device as a whole, for remedies that find their own offenders. */
export type Target =
  | { readonly kind: 'device' }
  | { readonly kind: 'address'; readonly value: string }
  | { readonly kind: 'user'; readonly value: string }
  | { readonly kind: 'group'; readonly value: string }
  | { readonly kind: 'peer'; readonly value: string };

export type TargetKind = Target['kind'];

const NAME_MAX = 256;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** `address:192.0.2.7`, or an empty text for the device itself. Stable: it is part of a case's key. */
export function targetText(target: Target): string {
  return target.kind === 'device' ? '' : `${target.kind}:${target.value}`;
}

/**
 * Reads a target of one kind from foreign text. An address or peer must be one IP host; a user or group must be 1 to
 * 256 printable characters. Undefined when it is neither.
 */
export function parseTarget(kind: Exclude<TargetKind, 'device'>, text: string): Target | undefined {
  if (kind === 'address' || kind === 'peer') {
    const value = parseAddress(text);
    return value === undefined ? undefined : { kind, value };
  }
  if (text.trim() === '' || text.length > NAME_MAX || UNPRINTABLE.test(text)) return undefined;
  return { kind, value: text };
}
