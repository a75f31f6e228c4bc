import { parseAddress } from '../../../core/address.ts';
import type { Reply } from '../reply.ts';
import { child, childText } from '../xml/element.ts';

/** `show system info`, as far as it is used. */
interface SystemInfo {
  readonly hostname: string | undefined;
  readonly model: string | undefined;
  readonly serial: string | undefined;
  readonly version: string | undefined;
  readonly uptimeSeconds: number | undefined;
  /** Canonical management addresses and default gateways. */
  readonly addresses: readonly string[];
}

/** Throws DeviceSurprise when there is no `<system>`. Seen on 9.1.11, 10.1.12 and 11.0.6-h1. */
export function readSystemInfo(reply: Reply): SystemInfo {
  const system = child(reply.result, 'system');
  if (!system) throw reply.surprise('no <system>');
  return {
    hostname: childText(system, 'hostname'),
    model: childText(system, 'model'),
    serial: childText(system, 'serial'),
    version: childText(system, 'sw-version'),
    uptimeSeconds: uptimeSeconds(childText(system, 'uptime')),
    addresses: ADDRESSES.flatMap(name => hostOf(childText(system, name)) ?? []),
  };
}

const ADDRESSES = ['ip-address', 'default-gateway', 'ipv6-address', 'ipv6-default-gateway'];

/** With or without a prefix; `unknown` where there is none. */
function hostOf(text: string | undefined): string | undefined {
  return parseAddress(text?.split('/')[0] ?? '');
}

/** `21 days, 5:40:08`, or `5:40:08` within the first day. */
function uptimeSeconds(text: string | undefined): number | undefined {
  const match = /^(?:(\d{1,6}) days?,\s*)?(\d{1,2}):(\d{2}):(\d{2})$/.exec(text ?? '');
  if (!match) return undefined;
  const [, days = '0', hours, minutes, seconds] = match;
  return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}
