/** Every command that the simulated firewall knows. A new family is a file here and a line in this list. */
import type { Command } from '../command.ts';
import { commitCommands } from './commit.ts';
import { configCommands } from './config.ts';
import { configurationCommands } from './configuration.ts';
import { dynamicAddressGroupCommands } from './dynamic-address-group.ts';
import { highAvailabilityCommands } from './high-availability.ts';
import { ingressBacklogsCommands } from './ingress-backlogs.ts';
import { jobCommands } from './jobs.ts';
import { keygenCommands } from './keygen.ts';
import { lockCommands } from './locks.ts';
import { logCommands } from './log.ts';
import { packetBufferProtectionCommands } from './packet-buffer-protection.ts';
import { registeredCommands } from './registered.ts';
import { reportCommands } from './report.ts';
import { resourceMonitorCommands } from './resource-monitor.ts';
import { sessionChangeCommands } from './session-change.ts';
import { sessionInfoCommands } from './session-info.ts';
import { sessionListCommands } from './session-list.ts';
import { sessionCommands } from './session.ts';
import { systemCommands } from './system.ts';
import { userGroupCommands } from './user-group.ts';
import { userIdCommands } from './user-id.ts';
import { userMappingCommands } from './user-mapping.ts';

export const commands: readonly Command[] = [
  ...keygenCommands,
  ...systemCommands,
  ...highAvailabilityCommands,
  ...resourceMonitorCommands,
  ...ingressBacklogsCommands,
  ...packetBufferProtectionCommands,
  ...sessionInfoCommands,
  ...sessionCommands,
  ...sessionListCommands,
  ...sessionChangeCommands,
  ...jobCommands,
  ...configurationCommands,
  ...configCommands,
  ...commitCommands,
  ...lockCommands,
  ...userIdCommands,
  ...registeredCommands,
  ...dynamicAddressGroupCommands,
  ...userGroupCommands,
  ...userMappingCommands,
  ...reportCommands,
  ...logCommands,
];
