/** Text of an IPv4 address held as one 32-bit word. */
export function formatIpv4(word: number): string {
  return `${(word >>> 24) & 255}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** Text of an IPv6 address held as four 32-bit words, in the canonical form of RFC 5952. */
export function formatIpv6(words: ArrayLike<number>, at = 0): string {
  const groups: number[] = [];
  for (let index = 0; index < 4; index++) {
    const word = words[at + index] ?? 0;
    groups.push(word >>> 16, word & 0xffff);
  }
  const [from, length] = longestZeroRun(groups);
  if (length < 2) return groups.map(hex).join(':');
  return `${groups.slice(0, from).map(hex).join(':')}::${groups
    .slice(from + length)
    .map(hex)
    .join(':')}`;
}

function longestZeroRun(groups: readonly number[]): [from: number, length: number] {
  let best: [number, number] = [0, 0];
  let from = 0;
  groups.forEach((group, index) => {
    if (group !== 0) from = index + 1;
    else if (index + 1 - from > best[1]) best = [from, index + 1 - from];
  });
  return best;
}

function hex(group: number): string {
  return group.toString(16);
}
