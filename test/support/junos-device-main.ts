import { startJunosSimulator } from '../../src/simulators/junos/simulator.ts';

/** A simulated SRX as a process of its own, so that its work is not counted as ours. Prints how to reach it as JSON. */
const [sessions, peers] = process.argv.slice(2).map(Number);
const sim = await startJunosSimulator({ peers: peers ?? 750 });
for (const peer of sim.srx.peers) {
  const [tunnel] = peer.tunnels;
  if (tunnel) tunnel.stale = Math.round((sessions ?? 0) / sim.srx.peers.length) - 6;
}
const { name, port, username, password, privateKey, hostKeySha256 } = sim;
const facts = { name, port, username, password, privateKey, hostKeySha256, sessions: sim.srx.sessions };
process.stdout.write(`${JSON.stringify(facts)}\n`);
process.stdin.resume().on('end', () => void sim.close());
