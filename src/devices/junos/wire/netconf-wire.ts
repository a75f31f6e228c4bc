import type { SshChannel } from '../../../transport/ssh/channel.ts';
import type { SshConnection } from '../../../transport/ssh/connection.ts';
import { NetconfChannel } from '../../../transport/netconf/channel.ts';
import { DeviceUnreachable } from '../../../core/errors.ts';
import type { Clear, Show } from '../request.ts';
import type { Form, Wire } from './wire.ts';

/** NETCONF on a device that has the service switched off still runs behind the CLI (facts: junos, 8.2). */
const FALLBACK = 'xml-mode netconf need-trailer';

/** One NETCONF session, kept over many commands and opened again when it is of no more use. */
export class NetconfWire implements Wire {
  readonly #device: string;
  readonly #connection: SshConnection;
  #channel: NetconfChannel | undefined;

  constructor(device: string, connection: SshConnection) {
    this.#device = device;
    this.#connection = connection;
  }

  async *ask(request: Show | Clear, form: Form, signal: AbortSignal): AsyncGenerator<Buffer, void> {
    const channel = await this.#open(signal);
    yield* channel.ask(form === 'xml' ? request.rpc : asText(request), request.words, signal);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  async #open(signal: AbortSignal): Promise<NetconfChannel> {
    if (this.#channel?.usable === true) return this.#channel;
    this.#channel = undefined;
    this.#channel = await NetconfChannel.open(this.#device, await this.#start(signal), signal);
    return this.#channel;
  }

  async #start(signal: AbortSignal): Promise<SshChannel> {
    try {
      return await this.#connection.subsystem('netconf', signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DeviceUnreachable) || !error.tried.includes('subsystem')) throw error;
      return this.#connection.exec(FALLBACK, signal);
    }
  }
}

function asText(request: Show | Clear): string {
  return request.rpc.startsWith('<command') ? request.rpc : `<command format="text">${request.words}</command>`;
}
