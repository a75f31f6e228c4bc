import type { Term } from '../../../core/term.ts';

const kind = 'tracker stage';

/** Texts after `tracker stage firewall` in `show session id`: another vocabulary than that of the traffic log. */
export const trackerStages: readonly Term[] = [
  {
    kind,
    value: 'Aged out',
    meaning: 'The session is over because nothing was seen for the length of its timeout.',
    verdict: 'allowed',
    where: 'Ageing of the session table.',
    next: 'For TCP: the packet counters of both directions. With none from the server, look at the way back.',
  },
  {
    kind,
    value: 'TCP FIN',
    meaning: 'A FIN closed one or both directions.',
    verdict: 'allowed',
    where: 'TCP state tracking.',
    next: 'Nothing on the firewall.',
  },
  {
    kind,
    value: 'TCP RST - client',
    meaning: 'A reset from the client ended the session.',
    verdict: 'allowed',
    where: 'TCP state tracking.',
    next: 'A packet capture of the handshake: SYN, then ACK and RST without a SYN-ACK points at an answer that came another way or from another device.',
  },
  {
    kind,
    value: 'TCP RST - server',
    meaning: 'A reset from the server ended the session.',
    verdict: 'allowed',
    where: 'TCP state tracking.',
    next: 'The service on the server, and what stands between the firewall and it.',
  },
  {
    kind,
    value: 'appid policy lookup deny',
    meaning: 'When the application became known, the rules were asked again and one of them denied it.',
    verdict: 'blocked',
    where: 'Second rule lookup, after the application was identified.',
    next: 'application and rule in show session id: usually the rule that let the first packets through names other applications.',
  },
  {
    kind,
    value: 'mitigation tdb',
    meaning: 'A threat was found in the session and acted upon.',
    verdict: 'blocked',
    where: 'Content inspection.',
    next: 'The threat log for this session id.',
  },
  {
    kind,
    value: 'resource limit',
    meaning:
      'A limit of the firewall was reached, such as packets out of order per flow or in all. Many causes end in this word.',
    verdict: 'blocked',
    where: 'Session handling in the dataplane.',
    next: 'Packet buffers and descriptors per dataplane; global counters of severity drop while it happens.',
  },
  {
    kind,
    value: 'host service',
    meaning:
      'The traffic was for the firewall itself, and the service is not offered on that interface or not to that address.',
    verdict: 'blocked',
    where: 'Traffic to the firewall: the management profile of the interface.',
    next: 'The interface management profile and its permitted addresses; GlobalProtect, IKE or BGP settings where those are meant.',
  },
];
