import { execFileSync } from 'node:child_process';
import type { UdpRelay } from './udp-relay.ts';

/** How many ipmitools talk through this relay. */
export function processesFor(relay: UdpRelay): number {
  return processIds(relay).length;
}

/** Each relay has a port of its own, and each ipmitool names it. */
export function processIds(relay: UdpRelay): readonly string[] {
  const listed = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  const port = new URL(relay.address).port;
  const own = listed.filter(line => line.includes('ipmitool') && line.includes(` -p ${port} `));
  return own.filter(line => !/^\s*\d+ Z/.test(line)).map(line => line.trim().split(/\s+/)[0] ?? '');
}
