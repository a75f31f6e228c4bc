import { timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel, type Session } from 'ssh2';
import type { FaultQueue } from './faults.ts';

/** Who may log in. */
export interface Account {
  readonly username: string;
  readonly password: string;
  readonly publicKey: ParsedKey;
}

/** What a login can do with its channels. */
export interface Handlers {
  exec(line: string, channel: ServerChannel, connection: number, drop: () => void): void;
  netconf(channel: ServerChannel, connection: number, drop: () => void): void;
}

/** An SSH server on loopback, with the subsystem `netconf` and commands, as Junos has it. */
export class SshServer {
  readonly #server: InstanceType<typeof ssh2.Server>;
  readonly #connections = new Set<Connection>();
  #opened = 0;

  constructor(hostKey: string, account: Account, faults: FaultQueue, handlers: Handlers, subsystem: boolean) {
    this.#server = new ssh2.Server({ hostKeys: [hostKey] }, connection => {
      this.#opened += 1;
      const number = this.#opened;
      this.#connections.add(connection);
      const drop = () => {
        connection.end();
      };
      // Without this a small answer waits for Nagle's algorithm.
      (connection as Connection & { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);
      connection.on('close', () => this.#connections.delete(connection));
      // A client that goes away in the middle is its own business.
      connection.on('error', () => {});
      connection.on('authentication', context => {
        if (faults.refuses('refuse-login')) context.reject(['publickey', 'password']);
        else authenticate(context, account);
      });
      connection.on('session', (accept, reject) => {
        if (faults.refuses('refuse-channel')) {
          reject();
          return;
        }
        const session: Session = accept();
        session.on('exec', (acceptExec, _reject, { command }) => {
          handlers.exec(command, acceptExec(), number, drop);
        });
        session.on('subsystem', (acceptSubsystem, rejectSubsystem, { name }) => {
          if (name === 'netconf' && subsystem) handlers.netconf(acceptSubsystem(), number, drop);
          else rejectSubsystem();
        });
      });
    });
  }

  /** Connections that were opened so far, and those that stand now. */
  get connections(): { readonly opened: number; readonly open: number } {
    return { opened: this.#opened, open: this.#connections.size };
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection, as a restart of the device would. */
  dropAll(): void {
    for (const connection of this.#connections) connection.end();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>(resolve =>
      this.#server.close(() => {
        resolve();
      }),
    );
    this.dropAll();
    await closed;
  }
}

function authenticate(context: AuthContext, account: Account): void {
  const ways = ['publickey' as const, 'password' as const];
  if (context.username !== account.username) context.reject(ways);
  else if (context.method === 'password' && context.password === account.password) context.accept();
  else if (context.method === 'publickey' && isKey(context, account.publicKey)) context.accept();
  else context.reject(ways);
}

function isKey(context: AuthContext & { method: 'publickey' }, key: ParsedKey): boolean {
  const blob = key.getPublicSSH();
  if (context.key.data.length !== blob.length || !timingSafeEqual(context.key.data, blob)) return false;
  if (!context.signature) return true;
  return context.blob !== undefined && key.verify(context.blob, context.signature, context.hashAlgo);
}
