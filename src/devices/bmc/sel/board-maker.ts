/** Who built the board, as far as it changes the meaning of event data. */
export type BoardMaker = 'supermicro' | 'dell' | 'intel' | 'other';

const BY_ENTERPRISE_NUMBER = new Map<number, BoardMaker>([
  [10876, 'supermicro'],
  [47488, 'supermicro'],
  [674, 'dell'],
  [343, 'intel'],
]);

/** The maker behind an IANA enterprise number, as Get Device ID gives it. */
export function makerByEnterpriseNumber(number: number): BoardMaker {
  return BY_ENTERPRISE_NUMBER.get(number) ?? 'other';
}

/** The maker behind a name, as Redfish's `Manufacturer` gives it: `Supermicro`, `Dell Inc.`. */
export function makerByName(name: string): BoardMaker {
  if (/^super ?micro/i.test(name)) return 'supermicro';
  if (/^dell\b/i.test(name)) return 'dell';
  if (/^intel\b/i.test(name)) return 'intel';
  return 'other';
}
