import { DeviceUnreachable } from '../../../core/errors.ts';
import type { ChannelEnd, SshChannel } from '../../../transport/ssh/channel.ts';
import type { SshConnection } from '../../../transport/ssh/connection.ts';
import type { Clear, Show } from '../request.ts';
import type { Form, Wire } from './wire.ts';

/**
 * The CLI over SSH: a channel for every command, `| display xml`. The device user must have the Junos CLI as its shell,
 * as every user but root has.
 */
export class CliWire implements Wire {
  readonly #device: string;
  readonly #connection: SshConnection;

  constructor(device: string, connection: SshConnection) {
    this.#device = device;
    this.#connection = connection;
  }

  async *ask(request: Show | Clear, form: Form, signal: AbortSignal): AsyncGenerator<Buffer, void> {
    const command = form === 'xml' ? `${request.words} | display xml` : `${request.words} | no-more`;
    const channel = await this.#connection.exec(command, signal);
    channel.endInput();
    const end = yield* this.#read(channel, signal);
    if (end.code === 0) return;
    const said = end.stderr.trim();
    const how =
      end.code === undefined
        ? `the channel ended without an exit status${end.signal === undefined ? '' : ` (signal ${end.signal})`}`
        : `the command ended with exit status ${end.code}`;
    throw new DeviceUnreachable({
      device: this.#device,
      tried: request.words,
      found: `${how}${said === '' ? '' : `: ${said}`}; is the Junos CLI the shell of this user?`,
      maybeDone: request.kind === 'clear',
    });
  }

  async *#read(channel: SshChannel, signal: AbortSignal): AsyncGenerator<Buffer, ChannelEnd> {
    try {
      return yield* channel.read(signal);
    } finally {
      channel.close();
    }
  }

  close(): void {
    // Channels end with their command; the connection is closed by whoever opened it.
  }
}
