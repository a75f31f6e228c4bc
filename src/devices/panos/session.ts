import type { Priority } from '../../core/call-gate.ts';
import type { Clock } from '../../core/clock.ts';
import { HttpClient } from '../../transport/http-client.ts';
import { memberNames } from '../../transport/https-address.ts';
import type { DeviceMemory, Session, Tools } from '../contract.ts';
import type { HaSettings, PanosEntry, TrafficLogSettings } from './config.ts';
import { CALLS_AT_A_TIME, MemberConnection } from './connection.ts';
import type { QuotaSettings } from './quota/settings.ts';
import { SharedUsage } from './quota/shared-usage.ts';
import type { Reply } from './reply.ts';
import type { Command } from './xml/command.ts';

/** One firewall, or an HA pair. */
export interface PanosSession extends Session {
  readonly device: string;
  readonly clock: Clock;
  readonly memory: DeviceMemory;
  readonly ha: HaSettings;
  /** Undefined where the device has only one. */
  readonly vsys: string | undefined;
  /** Undefined when nothing is measured. */
  readonly quota: QuotaSettings | undefined;
  /** Readings of usage that remedies share. */
  readonly usage: SharedUsage;
  readonly trafficLog: TrafficLogSettings;
  /** One per address, in the order of the configuration. */
  readonly members: readonly PanosMember[];
  rehearse(): { readonly session: PanosSession; readonly calls: readonly string[] };
}

/** One member of the device, as its collectors and remedies use it. Errors: see `MemberConnection`. */
export interface PanosMember {
  /** As in the label `member`. */
  readonly name: string;
  read(command: Command, signal: AbortSignal): Promise<Reply>;
  /** Undefined when this platform or release does not know the command. */
  readIfSupported(command: Command, signal: AbortSignal): Promise<Reply | undefined>;
  /** Undefined when the configuration holds no such object. */
  readIfPresent(command: Command, signal: AbortSignal): Promise<Reply | undefined>;
  /** Sends a change once, and gives what the device answered in one line. In a rehearsal it is recorded instead. */
  change(command: Command, signal: AbortSignal): Promise<string>;
  /** The same, with the whole answer; undefined in a rehearsal. */
  changeForReply(command: Command, signal: AbortSignal): Promise<Reply | undefined>;
}

export function openSession(device: PanosEntry, { clock, memory }: Tools): PanosSession {
  const names = memberNames(device.addresses);
  const connections = device.addresses.map((address, index) => {
    const member = names[index] ?? address;
    const common = { device: device.name, clock };
    const http = new HttpClient({ ...common, address, trust: device.tls, connections: CALLS_AT_A_TIME });
    return new MemberConnection({ ...common, member, http, credentials: device.credentials });
  });
  return view({
    device: device.name,
    clock,
    memory,
    ha: device.ha,
    trafficLog: device.traffic_log,
    vsys: device.vsys,
    quota: device.quota,
    usage: new SharedUsage(clock),
    connections,
    priority: 'collector',
    recorded: undefined,
  });
}

/** A change as plans and dry runs show it. */
export function callInWords(member: string, command: Command): string {
  return `${member}: ${command.words}`;
}

interface View {
  readonly device: string;
  readonly clock: Clock;
  readonly memory: DeviceMemory;
  readonly ha: HaSettings;
  readonly vsys: string | undefined;
  readonly quota: QuotaSettings | undefined;
  readonly usage: SharedUsage;
  readonly trafficLog: TrafficLogSettings;
  readonly connections: readonly MemberConnection[];
  readonly priority: Priority;
  /** Where changes are written instead of being sent. */
  readonly recorded: string[] | undefined;
}

function view(shown: View): PanosSession {
  return {
    device: shown.device,
    clock: shown.clock,
    memory: shown.memory,
    ha: shown.ha,
    vsys: shown.vsys,
    quota: shown.quota,
    usage: shown.usage,
    trafficLog: shown.trafficLog,
    members: shown.connections.map(connection => memberView(connection, shown)),
    at: priority => view({ ...shown, priority }),
    rehearse: () => {
      const calls: string[] = [];
      return { session: view({ ...shown, recorded: calls }), calls };
    },
    close: async () => {
      await Promise.all(shown.connections.map(connection => connection.close()));
    },
  };
}

function memberView(connection: MemberConnection, { priority, recorded }: View): PanosMember {
  const changeForReply = async (command: Command, signal: AbortSignal) => {
    if (!recorded) return connection.change(command, priority, signal);
    recorded.push(callInWords(connection.member, command));
    return undefined;
  };
  return {
    name: connection.member,
    read: (command, signal) => connection.read(command, priority, signal),
    readIfSupported: (command, signal) => connection.readIfSupported(command, priority, signal),
    readIfPresent: (command, signal) => connection.readIfPresent(command, priority, signal),
    change: async (command, signal) => (await changeForReply(command, signal))?.summary ?? 'rehearsed, not sent',
    changeForReply,
  };
}
