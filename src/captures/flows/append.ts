/** Memory that was taken here: nothing else stands in it, as other things do beside a small `Buffer`. */
const own = new WeakSet<ArrayBufferLike>();

/**
 * `rest` with `bytes[start, end)` behind it. Takes room for a quarter more, so that what comes in small pieces is not copied
 * for each of them. `rest` may not be used any more: the result may stand in its memory.
 */
export function append(rest: Buffer, bytes: Buffer, start: number, end: number): Buffer {
  const length = rest.length + end - start;
  if (own.has(rest.buffer) && rest.buffer.byteLength >= length) {
    const longer = Buffer.from(rest.buffer, 0, length);
    bytes.copy(longer, rest.length, start, end);
    return longer;
  }
  const memory = new ArrayBuffer(length + (length >> 2));
  own.add(memory);
  const whole = Buffer.from(memory, 0, length);
  whole.set(rest);
  bytes.copy(whole, rest.length, start, end);
  return whole;
}
