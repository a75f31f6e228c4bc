/** What is taken from a hello's extensions (RFC 8446, section 4.2). */
export interface Extensions {
  /** supported_versions: the client's list, or the one that the server selected. */
  readonly versions: readonly number[];
  readonly serverName: string | undefined;
}

const SERVER_NAME = 0;
const SUPPORTED_VERSIONS = 43;
const MOST_VERSIONS = 127;

/**
 * A cursor over the body of a hello that may be cut off. `end` is where the bytes end, `bodyEnd` where the message
 * says that it does. What contradicts itself is `broken`; what runs into `end` is `cut`.
 */
export class HelloBody {
  broken = false;
  cut = false;
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;
  readonly #bodyEnd: number;

  constructor(bytes: Buffer, at: number, end: number, bodyEnd: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = Math.min(end, bodyEnd);
    this.#bodyEnd = bodyEnd;
    this.#check();
  }

  /** Steps over a vector with one byte of length, and returns that length. */
  vector8(longest: number): number {
    const length = this.#has(1) ? (this.#bytes[this.#at] as number) : 0;
    if (length > longest) this.broken = true;
    this.skip(1 + length);
    return length;
  }

  /** Steps over a vector with two bytes of length, and returns that length. */
  vector16(): number {
    const length = this.#has(2) ? this.#bytes.readUInt16BE(this.#at) : 0;
    this.skip(2 + length);
    return length;
  }

  u16(): number | undefined {
    const value = this.#has(2) ? this.#bytes.readUInt16BE(this.#at) : undefined;
    this.skip(2);
    return value;
  }

  skip(bytes: number): void {
    if (this.cut) return;
    this.#at += bytes;
    this.#check();
  }

  /** The rest of the body: no extensions at all, or a list that fills it. */
  extensions(): Extensions {
    const versions: number[] = [];
    let serverName: string | undefined;
    if (this.#at === this.#bodyEnd || !this.#has(2)) return { versions, serverName };
    if (this.#at + 2 + this.#bytes.readUInt16BE(this.#at) > this.#bodyEnd) this.broken = true;
    this.skip(2);
    while (!this.broken && this.#has(4)) {
      const type = this.#bytes.readUInt16BE(this.#at);
      const length = this.#bytes.readUInt16BE(this.#at + 2);
      this.skip(4);
      const wanted = type === SUPPORTED_VERSIONS || type === SERVER_NAME;
      if (wanted && this.#has(length)) {
        const value = this.#bytes.subarray(this.#at, this.#at + length);
        if (type === SUPPORTED_VERSIONS) versions.push(...readVersions(value));
        if (type === SERVER_NAME) serverName = readServerName(value);
      }
      this.skip(length);
    }
    return { versions, serverName };
  }

  #has(bytes: number): boolean {
    if (this.broken || this.cut) return false;
    if (this.#at + bytes <= this.#end) return true;
    if (this.#end < this.#bodyEnd) this.cut = true;
    return false;
  }

  #check(): void {
    if (this.#at > this.#bodyEnd) this.broken = true;
    else if (this.#at > this.#end) this.cut = true;
  }
}

/** Two bytes: the server's choice. Otherwise the client's list behind its length. */
function readVersions(value: Buffer): number[] {
  if (value.length === 2) return [value.readUInt16BE(0)];
  const versions: number[] = [];
  for (let at = 1; at + 2 <= value.length && versions.length < MOST_VERSIONS; at += 2)
    versions.push(value.readUInt16BE(at));
  return versions;
}

/** The first host name (RFC 6066), when it is printable text. */
function readServerName(value: Buffer): string | undefined {
  if (value.length < 5 || value[2] !== 0) return undefined;
  const name = value.toString('latin1', 5, 5 + value.readUInt16BE(3));
  return name !== '' && /^[\x21-\x7e]+$/.test(name) ? name : undefined;
}
