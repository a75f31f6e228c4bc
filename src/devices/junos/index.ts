import { driver } from '../contract.ts';
import { ah } from './collectors/ah.ts';
import { cluster } from './collectors/cluster.ts';
import { flow } from './collectors/flow.ts';
import { ipsec } from './collectors/ipsec.ts';
import { junosEntry } from './config.ts';
import { clearAhPeers } from './remedies/clear-ah-peers/index.ts';
import { JunosSession } from './session.ts';

/** Juniper SRX, standalone or cluster, by the CLI over SSH or by NETCONF. */
export const junos = driver({
  name: 'junos',
  config: junosEntry,
  collectors: [flow, ah, ipsec, cluster],
  remedies: [clearAhPeers],
  open: (entry, tools) => JunosSession.open(entry, tools),
});
