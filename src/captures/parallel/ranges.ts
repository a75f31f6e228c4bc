/** A part of a file: from one offset to another, which is Infinity for the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Divides what is left of a file among threads: in each round one range for each, in the order of the file. Rounds have at
 * most `mostBytes` a thread; the first range of all, which is the first thread's, has `headStart` bytes more.
 */
export function divide(
  position: number,
  size: number,
  threads: number,
  mostBytes: number,
  headStart: number,
): readonly (readonly Range[])[] {
  const shared = Math.max(0, size - position - headStart);
  const rounds = Math.max(1, Math.ceil(shared / (mostBytes * threads)));
  const share = Math.ceil(shared / (rounds * threads));
  const cutAt = (index: number): number => {
    const at = position + (index === 0 ? 0 : headStart) + index * share;
    return at >= size ? Infinity : at;
  };
  return Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: threads }, (__, thread) => {
      const index = round * threads + thread;
      return { from: cutAt(index), to: index === rounds * threads - 1 ? Infinity : cutAt(index + 1) };
    }).filter(({ from }) => from < size),
  );
}
