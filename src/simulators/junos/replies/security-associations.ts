import type { Peer, Srx, Tunnel } from '../srx.ts';
import { type Element, element } from '../xml.ts';

/** The table of IPsec SAs, brief. */
export function ipsecTable(srx: Srx, tunnels: readonly Tunnel[]): Element {
  const up = tunnels.filter(tunnel => srx.isUp(tunnel));
  function* content(): Generator<Element> {
    yield element('total-active-tunnels', up.length);
    if (srx.release === 'new') yield element('total-ipsec-sas', up.length);
    for (const tunnel of up) yield block(srx, tunnel);
  }
  return element('ipsec-security-associations-information', content(), 'junos:style="brief"');
}

/** One tunnel, detailed: index and gateways stand beside the SAs. */
export function ipsecDetail(srx: Srx, tunnel: Tunnel): Element {
  const sas = srx.isUp(tunnel)
    ? [
        element('ipsec-security-associations', [
          element('sa-direction', 'inbound'),
          element('sa-spi', tunnel.inboundSpi.toString(16)),
          element('sa-hard-lifetime', 'Expires in 3538 seconds'),
        ]),
        element('ipsec-security-associations', [
          element('sa-direction', 'outbound'),
          element('sa-spi', tunnel.outboundSpi.toString(16)),
        ]),
      ]
    : [];
  const facts = [
    element('sa-block-state', srx.isUp(tunnel) ? 'up' : 'down'),
    element('sa-tunnel-index', tunnel.index),
    element('sa-virtual-system', 'root'),
    element('sa-vpn-name', 'vpn'),
    element('sa-local-gateway', srx.localGateway),
    element('sa-remote-gateway', tunnel.peer.address),
  ];
  return element(
    'ipsec-security-associations-information',
    [element('ipsec-security-associations-block', [...facts, ...sas])],
    'junos:style="detail"',
  );
}

export function ikeTable(srx: Srx): Element {
  function* content(): Generator<Element> {
    for (const peer of srx.peers) if (srx.clock.now() >= peer.ikeUpAt) yield ikeSa(peer);
  }
  return element('ike-security-associations-information', content(), 'junos:style="brief"');
}

export function inactiveTunnels(srx: Srx): Element {
  const down = srx.peers.flatMap(peer => peer.tunnels.filter(tunnel => !srx.isUp(tunnel))).length;
  return element('ipsec-unestablished-tunnel-information', [
    element('total-inactive-tunnels', down),
    element('total-inactive-tunnels-with-establish-immediately', 0),
  ]);
}

function ikeSa(peer: Peer): Element {
  return element('ike-security-associations', [
    element('ike-sa-remote-address', peer.address),
    element('ike-sa-index', 431_053),
    element('ike-sa-state', 'UP'),
    element('ike-sa-initiator-cookie', peer.cookie),
    element('ike-sa-responder-cookie', 'f6087cb15c3199fd'),
    element('ike-sa-exchange-type', 'IKEv2'),
  ]);
}

function block(srx: Srx, tunnel: Tunnel): Element {
  const old = srx.release === 'old';
  const sa = (direction: string, spi: number) =>
    element('ipsec-security-associations', [
      element('sa-direction', direction),
      element('sa-tunnel-index', tunnel.index),
      element('sa-spi', spi.toString(16)),
      element('sa-aux-spi', 0),
      element('sa-remote-gateway', tunnel.peer.address),
      element('sa-port', 500),
      element('sa-vpn-monitoring-state', '-'),
      element('sa-protocol', old ? 'AH:' : 'AH'),
      element('sa-esp-encryption-algorithm', old ? '/' : 'None'),
      element('sa-hmac-algorithm', 'sha256'),
      element('sa-hard-lifetime', old ? '264/' : '747'),
      element('sa-lifesize-remaining', old ? ' unlim' : 'unlim'),
      element('sa-virtual-system', 'root'),
    ]);
  return element('ipsec-security-associations-block', [
    element('sa-block-state', 'up'),
    sa('<', tunnel.inboundSpi),
    sa('>', tunnel.outboundSpi),
  ]);
}
