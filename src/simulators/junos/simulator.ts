import ssh2, { type ServerChannel } from 'ssh2';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { CallRecord } from './call-log.ts';
import { type Command, parseLine, parseOperation } from './command.ts';
import { type FaultOrder, FaultQueue } from './faults.ts';
import { NetconfSession } from './netconf.ts';
import { type Outlet, reply } from './reply.ts';
import { type Form, type Release, Srx } from './srx.ts';
import { SshServer } from './ssh-server.ts';

/** All optional: without options a standalone SRX of a new release, with 20 peers of 3 tunnels each. */
export interface JunosSimulatorOptions {
  readonly name?: string;
  readonly form?: Form;
  readonly release?: Release;
  readonly peers?: number;
  readonly tunnelsEach?: number;
  readonly clock?: Clock;
  readonly port?: number;
  /** Whether the user may clear; `view` otherwise. */
  readonly permissions?: 'view' | 'view-clear';
  /** `subsystem`, or only behind the CLI (`xml-mode netconf need-trailer`). */
  readonly netconf?: 'subsystem' | 'cli-only';
  /** Whether NETCONF offers base:1.1 and its chunks. */
  readonly chunked?: boolean;
  /** Is told of every command before it is carried out. */
  readonly onCall?: (record: Readonly<CallRecord>) => void;
}

export interface JunosSimulator {
  readonly name: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** PEM. */
  readonly privateKey: string;
  /** `SHA256:…` */
  readonly hostKeySha256: string;
  /** A line for a known_hosts file. */
  readonly knownHostsLine: string;
  /** The live state: tests may read and change it. */
  readonly srx: Srx;
  log(): readonly Readonly<CallRecord>[];
  /** Only the commands that change the device, refused ones too. */
  changes(): readonly Readonly<CallRecord>[];
  clearLog(): void;
  fault(fault: FaultOrder): void;
  clearFaults(): void;
  connections(): { readonly opened: number; readonly open: number };
  dropConnections(): void;
  close(): Promise<void>;
}

const FALLBACK = 'xml-mode netconf need-trailer';

/** Starts a simulated SRX on 127.0.0.1. */
export async function startJunosSimulator(options: JunosSimulatorOptions = {}): Promise<JunosSimulator> {
  const name = options.name ?? 'srx-vpn';
  const clock = options.clock ?? systemClock;
  const srx = new Srx({ name, form: options.form ?? 'standalone', release: options.release ?? 'new', clock });
  srx.populate(options.peers ?? 20, options.tunnelsEach ?? 3);
  const hostKey = newKey();
  const userKey = newKey();
  const account = { username: 'unclog', password: 'test-<password>', publicKey: parseKey(userKey) };
  const faults = new FaultQueue();
  const calls = new Calls(srx, faults, options);
  const server = new SshServer(hostKey, account, faults, calls, options.netconf !== 'cli-only');
  const port = await server.listen(options.port ?? 0);
  const blob = parseKey(hostKey).getPublicSSH();
  return {
    ...{ name, port, srx, username: account.username, password: account.password, privateKey: userKey },
    hostKeySha256: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    knownHostsLine: `[127.0.0.1]:${port} ecdsa-sha2-nistp256 ${blob.toString('base64')}`,
    log: () => calls.records.map(record => ({ ...record })),
    changes: () => calls.records.filter(record => record.changes).map(record => ({ ...record })),
    clearLog: () => {
      calls.records = [];
    },
    fault: fault => {
      faults.order(fault);
    },
    clearFaults: () => {
      faults.clear();
    },
    connections: () => server.connections,
    dropConnections: () => {
      server.dropAll();
    },
    close: () => server.close(),
  };
}

/** Takes commands from both ways in, one after the other on each channel. */
class Calls {
  records: CallRecord[] = [];
  readonly #srx: Srx;
  readonly #faults: FaultQueue;
  readonly #options: JunosSimulatorOptions;

  constructor(srx: Srx, faults: FaultQueue, options: JunosSimulatorOptions) {
    this.#srx = srx;
    this.#faults = faults;
    this.#options = options;
  }

  exec(line: string, channel: ServerChannel, connection: number, drop: () => void): void {
    if (line === FALLBACK) {
      this.netconf(channel, connection, drop);
      return;
    }
    const command = parseLine(line);
    const record = this.#record(connection, 'cli', line, command);
    const whole = reply(
      {
        ...{
          srx: this.#srx,
          faults: this.#faults,
          record,
          command,
          mayClear: this.#options.permissions !== 'view',
          layout: 'cli',
        },
        envelope: [
          '<rpc-reply xmlns:junos="http://xml.juniper.net/junos/24.4R1.9/junos">\n',
          '    <cli>\n        <banner></banner>\n    </cli>\n</rpc-reply>\n\n',
        ],
      },
      outlet(channel, drop, text => text),
    );
    void whole.then(sent => {
      if (!sent) return;
      channel.exit(0);
      channel.end();
    });
  }

  netconf(channel: ServerChannel, connection: number, drop: () => void): void {
    const session = new NetconfSession(channel, this.#options.chunked === true);
    let line = Promise.resolve(true);
    channel.on('data', (bytes: Buffer) => {
      for (const rpc of session.push(bytes)) {
        line = line.then(async open => open && (await this.#rpc(rpc, session, channel, connection, drop)));
      }
    });
  }

  async #rpc(
    rpc: { readonly id: string; readonly operation: string },
    session: NetconfSession,
    channel: ServerChannel,
    connection: number,
    drop: () => void,
  ): Promise<boolean> {
    const root = `xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:junos="http://xml.juniper.net/junos/24.4R1.9/junos" message-id="${rpc.id}"`;
    const envelope = [`<nc:rpc-reply ${root}>\n`, '</nc:rpc-reply>\n'] as const;
    const out = outlet(channel, drop, text => session.piece(text));
    if (rpc.operation === '<close-session/>') {
      await out.send(`${envelope[0]}<nc:ok/>\n${envelope[1]}`);
      channel.end(session.end);
      return false;
    }
    const command = parseOperation(rpc.operation);
    const record = this.#record(connection, 'netconf', rpc.operation, command);
    const wrapped = command?.text === true ? asOutput(out, envelope) : out;
    const call = {
      srx: this.#srx,
      faults: this.#faults,
      record,
      command,
      mayClear: this.#options.permissions !== 'view',
    };
    const whole = await reply({ ...call, layout: 'netconf', envelope }, wrapped.outlet ?? out);
    if (!whole) return false;
    await wrapped.finish?.();
    channel.write(session.end);
    return true;
  }

  #record(connection: number, via: 'cli' | 'netconf', sent: string, command: Command | undefined): CallRecord {
    const record: CallRecord = {
      ...{ at: this.#srx.clock.now(), connection, via, command: command?.words ?? sent, sent },
      changes: /^<?clear[ -]/.test(command?.words ?? sent),
      applied: false,
    };
    this.records.push(record);
    this.#options.onCall?.(record);
    return record;
  }
}

function outlet(
  channel: ServerChannel,
  drop: () => void,
  frame: (text: string) => string,
): Outlet & { outlet?: never; finish?: never } {
  return {
    send: text =>
      new Promise(resolve => {
        if (channel.write(frame(text))) resolve();
        else channel.once('drain', resolve);
      }),
    cut: () => {
      channel.end();
    },
    drop,
  };
}

/** Text in a NETCONF reply stands in `<output>`. */
function asOutput(
  out: Outlet,
  [open, close]: readonly [string, string],
): { outlet: Outlet; finish: () => Promise<void> } {
  let begun = false;
  return {
    outlet: {
      ...out,
      send: async text => {
        const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        await out.send(begun ? escaped : `${open}<output>\n${escaped}`);
        begun = true;
      },
    },
    finish: () => out.send(`</output>\n${close}`),
  };
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

function parseKey(text: string) {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return Array.isArray(key) ? (key[0] as Exclude<typeof key, readonly unknown[]>) : key;
}
