/** Most bytes that wait for others, over all connections. */
const MOST = 48 * 1024 * 1024;

/** Counts what is kept of incomplete messages and of segments that came too early, so that it stays bounded. */
export class WaitingBytes {
  /** How often something was given up because too much was waiting. */
  overflows = 0;
  #bytes = 0;

  /** Counts bytes that are kept; false when there is no room for more: then do not keep them. */
  add(bytes: number): boolean {
    if (this.#bytes + bytes > MOST) {
      this.overflows++;
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
  }
}
