import type { Term } from '../../../core/term.ts';

const kind = 'application';

/** Values of `app` that name no application but say why there is none. */
export const unidentifiedApplications = [
  {
    kind,
    value: 'incomplete',
    meaning: 'The TCP handshake did not complete, or it did and no data followed.',
    verdict: 'allowed',
    where: 'Before identification: there was nothing to look at.',
    next: 'Packets received: none means no SYN-ACK came back. Look at the server, at routing, and at answers that take another way.',
  },
  {
    kind,
    value: 'insufficient-data',
    meaning: 'Data was exchanged, but too little for any signature.',
    verdict: 'allowed',
    where: 'During identification: the session ended first.',
    next: 'Harmless for probes and health checks. For real traffic: who broke it off, and why so early.',
  },
  {
    kind,
    value: 'unknown-tcp',
    meaning: 'A TCP session with data that no signature knows, often of an application made in-house.',
    verdict: 'allowed',
    where: 'After identification gave up.',
    next: 'What runs on the server port. Then a custom application, or an application override for a known and trusted one.',
  },
  {
    kind,
    value: 'unknown-udp',
    meaning: 'UDP traffic that no signature knows.',
    verdict: 'allowed',
    where: 'After identification gave up.',
    next: 'Source and rate: floods and tunnels look like this as much as in-house protocols do.',
  },
  {
    kind,
    value: 'unknown-p2p',
    meaning: 'Traffic that behaves like peer-to-peer without matching a known program.',
    verdict: 'allowed',
    where: 'After identification, by behaviour.',
    next: 'The client that sends it.',
  },
  {
    kind,
    value: 'not-applicable',
    meaning: 'The packets were dropped by port or by rule before an application could be looked for.',
    verdict: 'blocked',
    where: 'First rule lookup, before identification.',
    next: 'The destination port against the service of the rule that should have matched.',
  },
] as const satisfies readonly Term[];
