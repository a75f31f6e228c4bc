import type { ServerChannel } from 'ssh2';

const MARK = ']]>]]>';
const HELLO = (chunked: boolean) => `<!-- No zombies were killed during the creation of this user interface -->
<!-- user unclog, class j-super-user -->
<nc:hello xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0">
   <nc:capabilities>
    <nc:capability>urn:ietf:params:netconf:base:1.0</nc:capability>
${chunked ? '    <nc:capability>urn:ietf:params:netconf:base:1.1</nc:capability>\n' : ''}    <nc:capability>urn:ietf:params:xml:ns:netconf:base:1.0?module=ietf-netconf&amp;revision=2011-06-01</nc:capability>
  </nc:capabilities>
  <nc:session-id>92471</nc:session-id>
</nc:hello>
${MARK}`;

/** One rpc as it came. */
export interface Rpc {
  readonly id: string;
  /** What stands inside of `<rpc>`. */
  readonly operation: string;
}

/** The server's side of the NETCONF framing: reads rpcs, and frames replies. */
export class NetconfSession {
  readonly #offersChunks: boolean;
  #chunked = false;
  #held = '';

  constructor(channel: ServerChannel, offersChunks: boolean) {
    this.#offersChunks = offersChunks;
    channel.write(HELLO(offersChunks));
  }

  /** The rpcs that these bytes complete. */
  push(bytes: Buffer): readonly Rpc[] {
    this.#held += bytes.toString('utf8');
    const found: Rpc[] = [];
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      if (/<hello[\s>]/.test(message)) {
        this.#chunked = this.#offersChunks && message.includes('netconf:base:1.1<');
        continue;
      }
      const rpc = /<rpc[^>]*message-id="([^"]*)"[^>]*>([\s\S]*)<\/rpc>/.exec(message);
      if (rpc) found.push({ id: rpc[1] ?? '', operation: (rpc[2] ?? '').trim() });
    }
    return found;
  }

  /** A piece of a reply, as it goes over the wire. */
  piece(text: string): string {
    return this.#chunked && text !== '' ? `\n#${Buffer.byteLength(text)}\n${text}` : text;
  }

  get end(): string {
    return this.#chunked ? '\n##\n' : `${MARK}\n`;
  }

  #next(): string | undefined {
    return this.#chunked ? this.#nextChunked() : this.#nextMarked();
  }

  #nextMarked(): string | undefined {
    const end = this.#held.indexOf(MARK);
    if (end === -1) return undefined;
    const message = this.#held.slice(0, end);
    this.#held = this.#held.slice(end + MARK.length).trimStart();
    return message;
  }

  #nextChunked(): string | undefined {
    const start = this.#held.startsWith('\n') ? this.#held : `\n${this.#held}`;
    const whole = /^((?:\n#[1-9]\d*\n[\s\S]*?)+)\n##\n/.exec(start);
    if (!whole) return undefined;
    this.#held = start.slice(whole[0].length);
    return (whole[1] ?? '').replace(/\n#[1-9]\d*\n/g, '');
  }
}
