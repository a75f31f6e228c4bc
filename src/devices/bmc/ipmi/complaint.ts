import type { DeviceRefused } from '../../../core/errors.ts';

/** What ipmitool's error output says, as far as it changes what is done next. */
export type Complaint =
  | { readonly kind: 'refused'; readonly why: DeviceRefused['why']; readonly found: string }
  /** The BMC proved another password than ours. Told apart from `refused` because some boards take it back. */
  | { readonly kind: 'bad-hmac'; readonly found: string }
  | { readonly kind: 'unreachable'; readonly found: string };

/** Texts of ipmitool 1.8.19 with `-v`. Its last line is the same for a wrong password and a dead host. */
const COMPLAINTS: readonly (readonly [RegExp, Complaint])[] = [
  [
    /RAKP 2 HMAC is invalid/i,
    { kind: 'bad-hmac', found: 'the BMC does not take this password; correct credentials.password' },
  ],
  [
    /RAKP 2 message indicates an error : unauthorized name/i,
    { kind: 'refused', why: 'credentials', found: 'the BMC does not know this user; correct credentials.username' },
  ],
  [
    /RAKP \d message indicates an error : .*(role|privilege)|Set Session Privilege Level/i,
    { kind: 'refused', why: 'role', found: 'this user may not have the privilege that is asked for; lower privilege:' },
  ],
  [
    /insufficient resources for session/i,
    { kind: 'unreachable', found: 'all sessions of the BMC are taken; it frees them after a while' },
  ],
  [
    /no matching cipher suite|unsupported (cipher suite|authentication algorithm)/i,
    { kind: 'refused', why: 'denied', found: 'the BMC does not offer this cipher suite; set cipher_suite: to 3 or 17' },
  ],
  [/Address lookup for .* failed/i, { kind: 'unreachable', found: 'host name not found' }],
  [/Get Auth Capabilities error|no response|timed? ?out/i, { kind: 'unreachable', found: 'no answer' }],
];

const COMPLETION_CODE = /Unable to send RAW command .*rsp=0x([0-9a-f]{2})\): (.*)/i;
const INSUFFICIENT_PRIVILEGE = 'd4';

/**
 * Reads ipmitool's error output. A completion code of the command itself comes first: verbose output holds complaints
 * about ipmitool's own questions to the BMC too. Undefined when nothing in it is known.
 */
export function complaintOf(stderr: string): Complaint | undefined {
  const completion = COMPLETION_CODE.exec(stderr);
  if (!completion) return COMPLAINTS.find(([pattern]) => pattern.test(stderr))?.[1];
  const found = `the BMC answered ${completion[1]}h, ${(completion[2] ?? '').slice(0, 80)}`;
  if (completion[1]?.toLowerCase() !== INSUFFICIENT_PRIVILEGE) return { kind: 'refused', why: 'denied', found };
  return { kind: 'refused', why: 'role', found: `${found}: this user lacks the privilege; raise privilege:` };
}
