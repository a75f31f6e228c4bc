import type { Client, ClientChannel } from 'ssh2';
import type { Clock } from '../../core/clock.ts';
import { Bug, DeviceUnreachable, messageOf } from '../../core/errors.ts';
import { SshChannel } from './channel.ts';
import { connect, type SshDevice } from './connect.ts';
import { HoldOff } from './hold-off.ts';

/**
 * The one connection to a device: opened when it is first needed, kept, watched by keepalives, and opened again after
 * it broke. All channels of the device run through it.
 */
export class SshConnection {
  readonly #device: SshDevice;
  readonly #holdOff: HoldOff;
  #client: Promise<Client> | undefined;
  #closed = false;

  constructor(device: SshDevice, clock: Clock) {
    this.#device = device;
    this.#holdOff = new HoldOff(clock);
  }

  /** Starts a command. No terminal is asked for: on one, syslog broadcasts land in the output. */
  exec(command: string, signal: AbortSignal): Promise<SshChannel> {
    return this.#open(`run ${command}`, signal, (client, done) => client.exec(command, { pty: false }, done));
  }

  /** Starts a subsystem, such as `netconf`. */
  subsystem(name: string, signal: AbortSignal): Promise<SshChannel> {
    return this.#open(`start the subsystem ${name}`, signal, (client, done) => client.subsys(name, done));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#client;
    this.#client = undefined;
    const client = await opening?.catch(() => undefined);
    client?.end();
  }

  async #open(
    tried: string,
    signal: AbortSignal,
    start: (client: Client, done: (error: Error | undefined, channel: ClientChannel) => void) => unknown,
  ): Promise<SshChannel> {
    const client = await abortable(this.#connected(), signal);
    return abortable(
      new Promise<SshChannel>((resolve, reject) => {
        const refused = (error: unknown) => {
          const message = messageOf(error);
          // Only a plain no to channel or command proves that the command was not begun.
          const saidNo = /open failure|^Unable to/i.test(message);
          const found = `no channel: ${message}${saidNo ? '; the limit of sessions may be reached' : ''}`;
          reject(new DeviceUnreachable({ device: this.#device.name, tried, found, cause: error, maybeDone: !saidNo }));
        };
        try {
          start(client, (error, channel) => {
            if (error) refused(error);
            else if (signal.aborted) channel.close();
            else resolve(new SshChannel(channel));
          });
        } catch (error) {
          refused(error);
        }
      }),
      signal,
    );
  }

  #connected(): Promise<Client> {
    if (this.#closed) throw new Bug(`${this.#device.name}: used after it was closed`);
    if (this.#client) return this.#client;
    const standing = this.#holdOff.standing;
    if (standing) return Promise.reject(standing);
    const opening = connect(this.#device);
    this.#client = opening;
    const forget = () => {
      if (this.#client === opening) this.#client = undefined;
    };
    opening.then(
      client => {
        this.#holdOff.succeeded();
        client.on('end', forget);
        client.on('close', forget);
        // Its channels end with the connection, and tell their readers; nothing else is to be done here.
        client.on('error', forget);
      },
      (error: unknown) => {
        forget();
        this.#holdOff.failed(error instanceof Error ? error : new Error(messageOf(error)));
      },
    );
    return opening;
  }
}

/** Waits for something that goes on for others when this waiter gives up. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    work.catch(() => {});
  }
}
