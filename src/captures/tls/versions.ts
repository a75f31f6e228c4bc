const NAMES: ReadonlyMap<number, string> = new Map([
  [0x0002, 'SSLv2'],
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv1.0'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
  [0x0304, 'TLSv1.3'],
]);

export const TLS12 = 0x0303;
export const TLS13 = 0x0304;

/** Legacy version 1.2 whose extensions were cut off: it may be 1.3. */
export const TLS12_OR_13 = -1;

/**
 * The name of a version on the wire. Drafts of TLS 1.3 are 0x7fNN by number, 0x7eNN experiments, and Facebook's
 * 0xfbNN (which counted on from draft 23).
 */
export function versionName(version: number): string {
  if (version === TLS12_OR_13) return 'TLSv1.2-or-1.3';
  const name = NAMES.get(version);
  if (name !== undefined) return name;
  const minor = version & 0xff;
  if (version >> 8 === 0x7f) return `TLSv1.3-draft${minor}`;
  if (version >> 8 === 0x7e) return `TLSv1.3-exp${minor}`;
  if (version >> 8 === 0xfb) return `TLSv1.3-fb${minor}`;
  return `unknown-0x${version.toString(16).padStart(4, '0')}`;
}

/** True for TLS 1.3, its drafts and experiments. */
export function isTls13(version: number): boolean {
  const major = version >> 8;
  return version === TLS13 || major === 0x7f || major === 0x7e || major === 0xfb;
}

/** Ranks of the names that are no drafts: thousands of connections are sorted by them. */
const RANKS: ReadonlyMap<string, number> = new Map(
  [...NAMES.keys(), TLS12_OR_13].map(version => [versionName(version), versionRank(version)]),
);

/** Orders versions from SSLv2 to TLS 1.3: drafts come before the standard, what is unknown before everything. */
export function versionRank(version: number): number {
  if (version === TLS12_OR_13) return TLS12;
  if (version === TLS13) return 0x1_0000;
  if (isTls13(version)) return 0x1000 + (version & 0xff);
  return NAMES.has(version) ? version : -1;
}

/** RFC 8701: values that clients send to keep servers honest. */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

/** `1.2`, `TLSv1.2`, `SSLv3`: the version that a person names, or undefined. */
export function parseVersion(text: string): number | undefined {
  const plain = text.toLowerCase().replace(/^(tls|ssl)\s*v?/, '');
  const wanted = text.toLowerCase().startsWith('ssl') ? `SSLv${plain}` : `TLSv${plain}`;
  for (const [version, name] of NAMES) if (name === wanted) return version;
  return undefined;
}

/** Orders the names that `versionName` gives. Names of no known version come first. */
export function compareVersions(a: string, b: string): number {
  return rankOfName(a) - rankOfName(b);
}

function rankOfName(name: string): number {
  const rank = RANKS.get(name);
  if (rank !== undefined) return rank;
  return name.startsWith('TLSv1.3') ? 0x1000 : -1;
}
