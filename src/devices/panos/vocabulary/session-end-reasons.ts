import type { Term } from '../../../core/term.ts';

const kind = 'session end reason';

/** Values of `session_end_reason`, the most important first: where several apply, the device writes the first. */
export const sessionEndReasons = [
  {
    kind,
    value: 'threat',
    meaning: 'A security profile found a threat in the session and its action was to drop, reset or block the address.',
    verdict: 'blocked',
    where: 'Content inspection, after the rule had allowed the session.',
    next: 'The threat log for the same session id: which signature, with which action. An exception belongs there, not in the rule.',
  },
  {
    kind,
    value: 'policy-deny',
    meaning: 'A security rule with a deny, drop or reset action matched.',
    verdict: 'blocked',
    where:
      'Rule lookup: at the first packet, or again when the application became known and the rule no longer fitted.',
    next: 'The field rule of the entry. Is it the expected rule, or interzone-default because none above it fits the zones, application or port?',
  },
  {
    kind,
    value: 'decrypt-cert-validation',
    meaning:
      'Decryption ended the session because of the certificate of the server: expired, of an untrusted issuer, of unknown status, or the client was asked for one.',
    verdict: 'blocked',
    where: 'TLS decryption, during the handshake.',
    next: 'The decryption log for the server name and the error; then the certificate itself, and the checks in the decryption profile.',
  },
  {
    kind,
    value: 'decrypt-unsupport-param',
    meaning: 'Decryption met a protocol version, cipher or extension that the firewall or its profile does not take.',
    verdict: 'blocked',
    where: 'TLS decryption, during the handshake.',
    next: 'The decryption log for version and cipher; then the decryption profile: allow them, or exclude the site from decryption.',
  },
  {
    kind,
    value: 'decrypt-error',
    meaning: 'Decryption failed for another reason: resources, the security module, or an SSH or TLS error.',
    verdict: 'blocked',
    where: 'TLS or SSH decryption.',
    next: 'The decryption log; whether the number of decrypted sessions is at the limit of the platform.',
  },
  {
    kind,
    value: 'tcp-rst-from-client',
    meaning: 'The client side sent a TCP reset.',
    verdict: 'allowed',
    where: 'TCP state tracking of an allowed session.',
    next: 'The client: many applications close this way. With few bytes received, look at whether the server answered slowly or not at all.',
  },
  {
    kind,
    value: 'tcp-rst-from-server',
    meaning: 'The server side sent a TCP reset.',
    verdict: 'allowed',
    where: 'TCP state tracking of an allowed session.',
    next: 'The server: a closed port, an overloaded service or a load balancer. Another device behind the firewall can send it too.',
  },
  {
    kind,
    value: 'resources-unavailable',
    meaning:
      'The firewall ran out of something for this session, such as room for packets that came out of order, of the flow or of all flows together.',
    verdict: 'blocked',
    where: 'Session handling in the dataplane, after the rule had allowed the session.',
    next: 'Packet buffers and descriptors per dataplane, the session table, and the global counters with "resource" and "tcp_" in their names; then loss or several paths that reorder packets.',
  },
  {
    kind,
    value: 'tcp-fin',
    meaning: 'One or both sides closed the connection in the ordinary way.',
    verdict: 'allowed',
    where: 'TCP state tracking of an allowed session.',
    next: 'Nothing on the firewall. If the user still complains, compare the bytes of both directions.',
  },
  {
    kind,
    value: 'tcp-reuse',
    meaning: 'The same addresses and ports began a new connection, so the old session was closed.',
    verdict: 'allowed',
    where: 'Session lookup at a new SYN.',
    next: 'Clients or translated source ports that are used up too fast; the TCP time-wait timeout.',
  },
  {
    kind,
    value: 'decoder',
    meaning: 'The protocol decoder saw a new connection begin within the old one, as through an HTTP proxy.',
    verdict: 'allowed',
    where: 'Application decoding.',
    next: 'The following entry with the same addresses and ports: it is the continuation.',
  },
  {
    kind,
    value: 'aged-out',
    meaning: 'Nothing was seen for the length of the timeout. Every UDP and ICMP session that is well ends so.',
    verdict: 'allowed',
    where: 'Ageing of the session table.',
    next: 'For TCP: were bytes received? None means that the server or the way back never answered: routing, asymmetry, a server that is down.',
  },
  {
    kind,
    value: 'unknown',
    meaning:
      'None of the other reasons: an administrator cleared the session, or the entry comes from a release that did not write reasons.',
    verdict: 'either',
    where: 'Not said.',
    next: 'The action of the entry; the configuration and system logs of that minute for a clear session, a commit or a failover.',
  },
  {
    kind,
    value: 'n/a',
    meaning: 'The entry was not written at the end of a session, so there is no reason yet.',
    verdict: 'either',
    where: 'Logging at session start, or a drop before there was a session.',
    next: 'The action of the entry, and the later entry of the same session with the subtype end.',
  },
  {
    kind,
    value: 'request-timeout',
    meaning:
      'A request through the cloud service was not answered in time. Written by the logging service, not by firewalls.',
    verdict: 'allowed',
    where: 'Proxy of the cloud service.',
    next: 'The server behind the request.',
  },
  {
    kind,
    value: 'shutdown-from-endpoint',
    meaning: 'An endpoint shut the connection down. Written by the logging service, not by firewalls.',
    verdict: 'allowed',
    where: 'Proxy of the cloud service.',
    next: 'Which side closed, and whether its data was complete.',
  },
  {
    kind,
    value: 'abort-from-endpoint',
    meaning: 'An endpoint broke the connection off. Written by the logging service, not by firewalls.',
    verdict: 'allowed',
    where: 'Proxy of the cloud service.',
    next: 'The endpoint: a closed application or a lost network.',
  },
  {
    kind,
    value: 'split-tunnel',
    meaning:
      'The traffic left the tunnel beside the service, as configured. Written by the logging service, not by firewalls.',
    verdict: 'allowed',
    where: 'Remote access client.',
    next: 'The split-tunnel settings, if this traffic should have gone through.',
  },
] as const satisfies readonly Term[];
