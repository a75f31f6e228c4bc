import { DeviceSurprise, DeviceUnreachable, messageOf } from '../../core/errors.ts';
import type { ChannelEnd, SshChannel } from '../ssh/channel.ts';
import { ChunkedFraming, EndOfMessageFraming, type Frame, type Framing } from './framing.ts';
import { CLIENT_HELLO, readHello } from './hello.ts';

const HELLO_MAX = 256 * 1024;

/**
 * A NETCONF session over one channel: hello, then one rpc at a time. After an error, or a reply that was not read to
 * its end, it is of no more use.
 */
export class NetconfChannel {
  readonly #device: string;
  readonly #channel: SshChannel;
  #framing: Framing = new EndOfMessageFraming();
  #frames: Frame[] = [];
  #messageId = 0;
  #usable = true;

  private constructor(device: string, channel: SshChannel) {
    this.#device = device;
    this.#channel = channel;
  }

  /** Exchanges hellos. Throws DeviceUnreachable when none comes, DeviceSurprise when it is none. */
  static async open(device: string, channel: SshChannel, signal: AbortSignal): Promise<NetconfChannel> {
    const session = new NetconfChannel(device, channel);
    try {
      await session.#greet(signal);
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  get usable(): boolean {
    return this.#usable && this.#channel.open;
  }

  /**
   * Sends one rpc, whose content is `operation`, and gives its reply as it comes, in pieces of `<rpc-reply>`. Ends
   * normally when the end of the message came, and only then.
   */
  async *ask(operation: string, tried: string, signal: AbortSignal): AsyncGenerator<Buffer, void> {
    this.#messageId += 1;
    const id = this.#messageId;
    this.#usable = false;
    const message = `<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="${id}">${operation}</rpc>`;
    this.#channel.write(this.#framing.wrap(message));
    let whole = false;
    try {
      let first = true;
      for (;;) {
        const frame = await this.#next(tried, signal);
        if (frame === 'end') break;
        // A line feed after the mark of the message before belongs to nothing.
        if (first && frame.toString('latin1', 0, 2_048).trim() === '') continue;
        if (first) this.#checkId(frame, id, tried);
        first = false;
        yield frame;
      }
      whole = true;
    } finally {
      this.#usable = whole;
      if (!whole) this.close();
    }
  }

  /** Ends the session; a device in the middle of a reply sees its channel closed. */
  close(): void {
    if (this.#usable) this.#channel.write(this.#framing.wrap('<rpc message-id="close"><close-session/></rpc>'));
    this.#usable = false;
    this.#channel.close();
  }

  async #greet(signal: AbortSignal): Promise<void> {
    const tried = 'NETCONF hello';
    this.#channel.write(this.#framing.wrap(CLIENT_HELLO));
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const frame = await this.#next(tried, signal);
      if (frame === 'end') break;
      pieces.push(frame);
      size += frame.length;
      if (size > HELLO_MAX) throw this.#surprise(tried, 'no hello within 256 KiB', pieces);
    }
    const hello = readHello(Buffer.concat(pieces).toString('utf8'));
    if (!hello) throw this.#surprise(tried, 'the first message is no NETCONF hello', pieces);
    if (!hello.chunked) return;
    const early = this.#framing.rest();
    this.#framing = new ChunkedFraming();
    this.#frames.push(...this.#framing.push(early));
  }

  async #next(tried: string, signal: AbortSignal): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      const step = await this.#channel.read(signal).next();
      if (step.done === true) throw this.#cutOff(tried, step.value);
      try {
        this.#frames.push(...this.#framing.push(step.value));
      } catch (error) {
        throw this.#surprise(tried, messageOf(error), [step.value]);
      }
    }
  }

  #checkId(frame: Buffer, id: number, tried: string): void {
    const found = /<(?:[\w-]+:)?rpc-reply\s[^>]*message-id="([^"]{0,64})"/.exec(
      frame.toString('latin1', 0, 2_048),
    )?.[1];
    if (found === undefined || found === String(id)) return;
    throw this.#surprise(tried, `the reply to message ${id} carries message-id ${JSON.stringify(found)}`, [frame]);
  }

  #cutOff(tried: string, end: ChannelEnd): DeviceUnreachable {
    const said = end.stderr.trim();
    const found = `the session ended before the end of the message${said === '' ? '' : `: ${said}`}`;
    return new DeviceUnreachable({ device: this.#device, tried, found, maybeDone: true });
  }

  #surprise(tried: string, found: string, pieces: readonly Buffer[]): DeviceSurprise {
    const excerpt = Buffer.concat(pieces).toString('utf8', 0, 2_000);
    return new DeviceSurprise({ device: this.#device, tried, found, excerpt });
  }
}
