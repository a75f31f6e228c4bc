import { driver, remedy } from '../contract.ts';
import { ha } from './collectors/ha.ts';
import { packetBuffer } from './collectors/packet-buffer.ts';
import { quota } from './collectors/quota.ts';
import { sessions } from './collectors/sessions.ts';
import { system } from './collectors/system.ts';
import { trafficLog } from './collectors/traffic-log.ts';
import { panosEntry } from './config.ts';
import { blockQuota } from './remedies/block-quota/index.ts';
import { discardSessions } from './remedies/discard-sessions/index.ts';
import { openSession } from './session.ts';
import { vocabulary } from './vocabulary/index.ts';

/** Palo Alto Networks firewalls with PAN-OS, over the XML API. */
export const panos = driver({
  name: 'panos',
  config: panosEntry,
  collectors: [system, packetBuffer, sessions, ha, quota, trafficLog],
  remedies: [remedy(discardSessions), remedy(blockQuota)],
  vocabulary,
  open: openSession,
});
