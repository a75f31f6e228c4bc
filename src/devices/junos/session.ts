import type { Priority } from '../../core/call-gate.ts';
import type { Clock } from '../../core/clock.ts';
import { SshConnection } from '../../transport/ssh/connection.ts';
import { parseSshAddress } from '../../transport/ssh/address.ts';
import { Bug } from '../../core/errors.ts';
import type { DeviceMemory, Session, Tools } from '../contract.ts';
import type { AhThresholds, JunosEntry } from './config.ts';
import { isNotConfigured, Lane } from './lane.ts';
import { readClear } from './replies/clear.ts';
import { readCluster, type RedundancyGroup } from './replies/cluster.ts';
import { type FlowListing, readFlowList } from './replies/flow-list.ts';
import { readFlowListText } from './replies/flow-list-text.ts';
import { type FlowUsage, readFlowSummary } from './replies/flow-summary.ts';
import { FlowTally } from './replies/flow-tally.ts';
import { type IkeSa, readIke } from './replies/ike.ts';
import { type IpsecTable, joinTables, NO_TUNNELS, readIpsec } from './replies/ipsec.ts';
import { type Element, readTree } from './replies/tree.ts';
import * as request from './request.ts';
import type { TunnelIndex } from './values.ts';
import { CliWire } from './wire/cli-wire.ts';
import { NetconfWire } from './wire/netconf-wire.ts';
import { SyslogTrail } from './syslog-trail.ts';

const SHORT_MS = 30_000;
/** The on-box script allows a list of sessions so long. */
const LONG_MS = 360_000;

/** What all views of one device's session share. */
interface Shared {
  readonly entry: JunosEntry;
  readonly tools: Tools;
  readonly connection: SshConnection;
  /** Short answers. */
  readonly quick: Lane;
  /** Lists and tables, which can take minutes. */
  readonly bulk: Lane;
  readonly trail: SyslogTrail;
}

/** The flow sessions of AH, whole. */
export interface AhFlows {
  readonly tally: FlowTally;
  readonly listing: FlowListing;
}

/** One SRX, standalone or cluster, over one SSH connection. Its questions are typed; foreign text has no way in. */
export class JunosSession implements Session {
  readonly #shared: Shared;
  readonly #priority: Priority;
  /** Where a rehearsal notes what it would have sent. */
  readonly #rehearsed: string[] | undefined;

  private constructor(shared: Shared, priority: Priority, rehearsed: string[] | undefined) {
    this.#shared = shared;
    this.#priority = priority;
    this.#rehearsed = rehearsed;
  }

  static open(entry: JunosEntry, tools: Tools): JunosSession {
    const address = parseSshAddress(entry.addresses[0] ?? '');
    if (!address) throw new Bug(`${entry.name}: an address that its schema let through cannot be read`);
    const connection = new SshConnection({ name: entry.name, address, entry }, tools.clock);
    const wire = () =>
      address.scheme === 'netconf' ? new NetconfWire(entry.name, connection) : new CliWire(entry.name, connection);
    const quick = new Lane(entry.name, wire(), tools.clock);
    const bulk = new Lane(entry.name, wire(), tools.clock);
    const trail = new SyslogTrail(entry, tools);
    return new JunosSession({ entry, tools, connection, quick, bulk, trail }, 'collector', undefined);
  }

  get name(): string {
    return this.#shared.entry.name;
  }

  get thresholds(): AhThresholds {
    return this.#shared.entry.ah;
  }

  get clock(): Clock {
    return this.#shared.tools.clock;
  }

  get memory(): DeviceMemory {
    return this.#shared.tools.memory;
  }

  get trail(): SyslogTrail {
    return this.#shared.trail;
  }

  /** Whether changes are noted and not sent. */
  get rehearsing(): boolean {
    return this.#rehearsed !== undefined;
  }

  at(priority: Priority): this {
    return new JunosSession(this.#shared, priority, this.#rehearsed) as this;
  }

  rehearse(): { readonly session: JunosSession; readonly calls: readonly string[] } {
    const calls: string[] = [];
    return { session: new JunosSession(this.#shared, this.#priority, calls), calls };
  }

  async close(): Promise<void> {
    const { quick, bulk, connection } = this.#shared;
    quick.close();
    bulk.close();
    await connection.close();
  }

  flowSummary(signal: AbortSignal): Promise<readonly FlowUsage[]> {
    return this.#short(request.showFlowSummary, async chunks => readFlowSummary(await readTree(chunks)), signal);
  }

  /** A filtered count, such as `showFlowCount`. */
  flowCount(show: request.Show, signal: AbortSignal): Promise<readonly FlowUsage[]> {
    return this.#short(show, async chunks => readFlowSummary(await readTree(chunks)), signal);
  }

  /** The redundancy groups; undefined on a standalone device. */
  async cluster(signal: AbortSignal): Promise<readonly RedundancyGroup[] | undefined> {
    const read = async (chunks: AsyncIterable<Buffer>) => readCluster(await readTree(chunks));
    return this.#short(request.showClusterStatus, read, signal).catch(unlessNotConfigured(undefined));
  }

  async ike(signal: AbortSignal): Promise<readonly IkeSa[]> {
    const read = async (chunks: AsyncIterable<Buffer>) => readIke(await readTree(chunks));
    return this.#short(request.showIke, read, signal).catch(unlessNotConfigured([]));
  }

  inactiveTunnels(signal: AbortSignal): Promise<Element> {
    return this.#short(request.showInactiveTunnels, readTree, signal);
  }

  /** All IPsec tunnels, IPv4 and IPv6; none where IPsec is not configured. */
  async tunnels(signal: AbortSignal): Promise<IpsecTable> {
    const tables: IpsecTable[] = [];
    for (const family of ['inet', 'inet6'] as const) {
      const table = this.#long(request.showIpsec(family), 'xml', readIpsec, signal);
      tables.push(await table.catch(unlessNotConfigured(NO_TUNNELS)));
    }
    return this.#shared.bulk.check(request.showIpsec('inet'), () => joinTables(tables));
  }

  /** One tunnel, by its index; empty when there is none of that index. */
  tunnel(index: TunnelIndex, signal: AbortSignal): Promise<IpsecTable> {
    return this.#short(request.showIpsecIndex(index), readIpsec, signal).catch(unlessNotConfigured(NO_TUNNELS));
  }

  /** Every AH session, counted as it passes. */
  async ahFlows(signal: AbortSignal): Promise<AhFlows> {
    const tally = new FlowTally('ah');
    const text = this.thresholds.listing === 'text';
    const show = text ? request.showFlowSessionsAsText('ah') : request.showFlowSessions('ah');
    const read = (chunks: AsyncIterable<Buffer>) =>
      text ? readFlowListText(chunks, tally) : readFlowList(chunks, tally);
    return { tally, listing: await this.#long(show, text ? 'text' : 'xml', read, signal) };
  }

  /** Changes the device; a rehearsal notes the words instead. */
  async clear(clear: request.Clear, signal: AbortSignal): Promise<void> {
    if (this.#rehearsed) this.#rehearsed.push(clear.words);
    else await this.#short(clear, readClear, signal);
  }

  #short<T>(
    asked: request.Show | request.Clear,
    read: (chunks: AsyncIterable<Buffer>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const question = { request: asked, form: 'xml', priority: this.#priority, limitMs: SHORT_MS, signal } as const;
    return this.#shared.quick.ask(question, read);
  }

  #long<T>(
    asked: request.Show,
    form: 'xml' | 'text',
    read: (chunks: AsyncIterable<Buffer>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    return this.#shared.bulk.ask({ request: asked, form, priority: this.#priority, limitMs: LONG_MS, signal }, read);
  }
}

function unlessNotConfigured<T>(instead: T): (error: unknown) => T {
  return error => {
    if (isNotConfigured(error)) return instead;
    throw error;
  };
}
