/** The fields of a traffic log entry. Most say nothing about health: constants, in the vendor's spelling. */
import type { Member } from './state/member.ts';
import { major, type Platform } from './state/platform.ts';
import { elapsedSeconds, hasSession, type TrafficFacts } from './state/traffic.ts';
import type { XmlFields } from './xml.ts';

const BYTES_A_PACKET = 800;

/** `hole` marks a value that differs from entry to entry. */
export function trafficFields(
  facts: TrafficFacts,
  platform: Platform,
  member: Member,
  hole: (name: string) => string,
): XmlFields {
  return {
    domain: 1,
    receive_time: hole('received'),
    serial: member.serial,
    seqno: hole('seqno'),
    actionflags: '0x0',
    'is-logging-service': 'no',
    type: 'TRAFFIC',
    subtype: facts.subtype,
    config_ver: 2_816,
    time_generated: hole('received'),
    high_res_timestamp: major(platform) >= 10 ? hole('exact') : undefined,
    src: hole('src'),
    dst: facts.destination,
    natsrc: hasSession(facts) ? '203.0.113.1' : undefined,
    natdst: hasSession(facts) ? facts.destination : undefined,
    rule: facts.rule,
    srcuser: facts.user === '' ? undefined : facts.user,
    srcloc: '10.0.0.0-10.255.255.255',
    dstloc: 'United States',
    app: facts.application,
    vsys: platform.systems[0],
    from: facts.from,
    to: facts.to,
    inbound_if: 'ethernet1/21',
    outbound_if: hasSession(facts) ? 'ethernet1/22' : undefined,
    time_received: hole('received'),
    sessionid: hole('sessionid'),
    repeatcnt: facts.repeat,
    sport: hole('sport'),
    dport: facts.destinationPort,
    natsport: 0,
    natdport: 0,
    flags: '0x0',
    ...flags(),
    proto: facts.protocol,
    action: facts.action,
    tunnel: 'N/A',
    tpadding: 0,
    cpadding: 0,
    rule_uuid: 'e6e730d3-c9d2-438e-a98e-edc883c723ce',
    s_decrypted: 0,
    s_encrypted: 0,
    vpadding: 0,
    ...application(facts),
    bpadding: 0,
    ...Object.fromEntries([1, 2, 3, 4].map(level => [`dg_hier_level_${level}`, 0])),
    device_name: member.name,
    vsys_id: 1,
    tunnelid_imsi: 0,
    parent_session_id: 0,
    ...volume(facts, hole('start')),
    session_end_reason: facts.sessionEndReason,
    action_source: 'from-policy',
    ...ending(),
    ...facts.extra,
  };
}

function flags(): XmlFields {
  const names = [
    ...['flag-pcap', 'flag-flagged', 'flag-proxy', 'flag-url-denied', 'flag-nat', 'captive-portal', 'non-std-dport'],
    ...['transaction', 'pbf-c2s', 'pbf-s2c', 'temporary-match', 'sym-return', 'decrypt-mirror', 'credential-detected'],
    ...['flag-mptcp-set', 'flag-tunnel-inspected', 'flag-recon-excluded', 'flag-wf-channel'],
  ];
  return Object.fromEntries(names.map(name => [name, 'no']));
}

function application({ application }: TrafficFacts): XmlFields {
  return {
    category_of_app: 'unknown',
    subcategory_of_app: 'unknown',
    technology_of_app: 'unknown',
    tunneled_app: application,
    risk_of_app: 1,
    is_saas_of_app: 'no',
    sanctioned_state_of_app: 'no',
  };
}

function volume(facts: TrafficFacts, start: string): XmlFields {
  const sent = hasSession(facts) ? Math.floor(facts.bytes / 4) : facts.bytes;
  const received = facts.bytes - sent;
  const packets = (bytes: number) => Math.ceil(bytes / BYTES_A_PACKET);
  return {
    bytes: facts.bytes,
    bytes_sent: sent,
    bytes_received: received,
    packets: packets(sent) + packets(received),
    start,
    elapsed: elapsedSeconds(facts),
    category: 'any',
    traffic_flags: '0x0',
    'flag-decrypt-forwarded': 'no',
    'flag-l7-skipped': 'no',
    pkts_sent: packets(sent),
    pkts_received: packets(received),
  };
}

function ending(): XmlFields {
  const zeros = [
    ...['assoc_id', 'chunks', 'chunks_sent', 'chunks_received', 'http2_connection', 'link_change_count'],
    ...['sdwan_fec_data', 'offloaded'],
  ];
  return {
    ...Object.fromEntries(zeros.map(name => [name, 0])),
    flow_type: 'NonProxyTraffic',
    tunnelid: 0,
    imsi: '',
    monitortag: 0,
    imei: '',
  };
}
