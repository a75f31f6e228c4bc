import { NetworkSet } from '../../../../core/address.ts';
import type { NeverList } from '../../../../core/policy.ts';
import { targetText } from '../../../../core/target.ts';
import { showSystemInfo } from '../../commands.ts';
import { readSystemInfo } from '../../replies/system-info.ts';
import type { PanosMember, PanosSession } from '../../session.ts';
import type { Subject } from './subjects.ts';

/** Addresses that are no single host of a network: unspecified, loopback, multicast, broadcast. */
const NO_HOST = new NetworkSet(['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '::/127', 'ff00::/8']);

/**
 * Management addresses and default gateways of the members, as configured and as they say themselves: blocking one
 * of them could cut unclog off from undoing it. Addresses of other interfaces belong on the never-list.
 */
export async function ownAddresses(
  session: PanosSession,
  answering: readonly PanosMember[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const infos = await Promise.all(
    answering.map(async member => readSystemInfo(await member.read(showSystemInfo, signal))),
  );
  const own = infos.flatMap(({ addresses }) => addresses);
  return new Set([...own, ...session.members.map(({ name }) => name.replace(/:\d+$/, ''))]);
}

/** Why this one must not be blocked; undefined when it may be. */
export function sparedBecause(
  { value, touches }: Subject,
  own: ReadonlySet<string>,
  never: NeverList,
): string | undefined {
  const barred = touches.find(target => never.has(target));
  if (barred) return `never-list: ${targetText(barred)}`;
  if (!touches.some(target => target.kind === 'address' && target.value === value)) return undefined;
  if (own.has(value)) return 'it is an address or the gateway of the firewall itself';
  return NO_HOST.has(value) ? 'it is not the address of one host' : undefined;
}
