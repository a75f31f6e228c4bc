import type { Term } from '../../../core/term.ts';

const kind = 'action';
const where = 'Rule lookup.';

/**
 * Values of `action` in the traffic log. All but `allow` block: the vendor counts deny, drop and every reset as blocking,
 * whichever side is told.
 */
export const actions = [
  {
    kind,
    value: 'allow',
    meaning:
      'A rule allowed the session. What ended it later stands in the session end reason, and can still be a block.',
    verdict: 'either',
    where,
    next: 'The session end reason: threat, decrypt-… and resources-unavailable block what the rule had allowed.',
  },
  {
    kind,
    value: 'deny',
    meaning: "A rule denied the session, in the way that is the application's default: silently or with a reset.",
    verdict: 'blocked',
    where,
    next: 'The rule that is named in the entry.',
  },
  {
    kind,
    value: 'drop',
    meaning: 'The packets were dropped and nobody was told; the client waits until it gives up.',
    verdict: 'blocked',
    where,
    next: 'The rule that is named in the entry.',
  },
  {
    kind,
    value: 'drop-icmp',
    meaning: 'The packets were dropped and the client got an ICMP unreachable.',
    verdict: 'blocked',
    where,
    next: 'The rule that is named in the entry, and its option to send ICMP unreachable.',
  },
  {
    kind,
    value: 'reset-both',
    meaning: 'The session was ended and both sides got a TCP reset.',
    verdict: 'blocked',
    where,
    next: 'The rule or the profile that asks for the reset; a capture shows resets that neither side sent.',
  },
  {
    kind,
    value: 'reset-client',
    meaning:
      'The session was ended and the client got a TCP reset. It is a block, although some tables call it allowed.',
    verdict: 'blocked',
    where,
    next: 'The rule or the profile that asks for the reset. The server keeps its half of the connection until it gives up.',
  },
  {
    kind,
    value: 'reset-server',
    meaning:
      'The session was ended and the server got a TCP reset. It is a block, although some tables call it allowed.',
    verdict: 'blocked',
    where,
    next: 'The rule or the profile that asks for the reset. The client keeps its half of the connection until it gives up.',
  },
] as const satisfies readonly Term[];
