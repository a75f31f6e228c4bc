import { isIP } from 'node:net';

/** The 32-bit words of an address in canonical text: one for IPv4, four for IPv6. */
export function addressWords(address: string): Int32Array {
  if (isIP(address) === 4) {
    return Int32Array.of(address.split('.').reduce((word, part) => (word << 8) | Number(part), 0));
  }
  const [head = '', tail] = address.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Int32Array.from({ length: 4 }, (_, word) => ((all[word * 2] ?? 0) << 16) | (all[word * 2 + 1] ?? 0));
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16));
}
