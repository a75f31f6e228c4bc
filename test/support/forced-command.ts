/**
 * What a real sshd runs instead of whatever was asked, in place of the Junos CLI and its NETCONF service: prints
 * generated replies, or recorded ones where JUNOS_RECORDED names their folder. JUNOS_STALE dead sessions stand on the
 * first peer.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { answer } from '../../src/simulators/junos/answer.ts';
import { type Command, parseLine, parseOperation } from '../../src/simulators/junos/command.ts';
import { Srx } from '../../src/simulators/junos/srx.ts';
import { type Layout, write } from '../../src/simulators/junos/xml.ts';

const RECORDED: Readonly<Record<string, string>> = {
  'show chassis cluster status': 'errors/cluster-not-enabled.xnm-error.vsrx24.4.netconf.xml',
  'show security flow session protocol ah': 'reconstructed/sessions.protocol-ah.RECONSTRUCTED.xml',
  'show security ipsec security-associations family inet': 'ike-ipsec/ipsec-sa.brief.matches-flow.vsrx24.4.netconf.xml',
  'show security ipsec security-associations family inet6': 'errors/ipsec-not-configured.xml',
  'show security ike security-associations': 'ike-ipsec/ike-sa.brief.vsrx24.4.netconf.xml',
  'show security flow session summary': 'flow/summary.unfiltered.vsrx24.4.netconf.xml',
};

const srx = new Srx({ name: 'srx', form: 'standalone', release: 'new', clock: systemClock });
srx.populate(20, 3);
const [worst] = srx.peers;
if (worst?.tunnels[0]) worst.tunnels[0].stale = Number(process.env['JUNOS_STALE'] ?? 0);

const original = process.env['SSH_ORIGINAL_COMMAND'] ?? '';
if (original === 'netconf') await netconf();
else await print(replyTo(parseLine(original), 'cli', ''));

function* replyTo(command: Command | undefined, layout: Layout, id: string): Generator<string> {
  const recorded = process.env['JUNOS_RECORDED'];
  if (recorded !== undefined && recorded !== '') {
    const text = readFileSync(
      join(recorded, RECORDED[command?.words ?? ''] ?? 'errors/empty-rpc-reply.12.1X46.xml'),
      'utf8',
    );
    yield text.replace(/message-id="[^"]*"/, `message-id="${id}"`);
    return;
  }
  yield `<rpc-reply xmlns:junos="http://xml.juniper.net/junos/24.4R1.9/junos"${id === '' ? '' : ` message-id="${id}"`}>\n`;
  for (const element of command ? answer(srx, command, layout, true).elements : []) yield* write(element, layout, 1);
  yield '</rpc-reply>\n';
}

async function print(pieces: Iterable<string>): Promise<void> {
  let held = '';
  for (const piece of pieces) {
    held += piece;
    if (held.length < 60_000) continue;
    await send(held);
    held = '';
  }
  await send(held);
}

function send(text: string): Promise<void> {
  return new Promise(resolve =>
    process.stdout.write(text, () => {
      resolve();
    }),
  );
}

async function netconf(): Promise<void> {
  await send(
    '<hello><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>\n]]>]]>\n',
  );
  let held = '';
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    held += chunk.toString('utf8');
    for (let end = held.indexOf(']]>]]>'); end !== -1; end = held.indexOf(']]>]]>')) {
      const rpc = /<rpc[^>]*message-id="([^"]*)"[^>]*>([\s\S]*)<\/rpc>/.exec(held.slice(0, end));
      held = held.slice(end + 6);
      if (!rpc) continue;
      if (rpc[2] === '<close-session/>') return;
      await print(replyTo(parseOperation(rpc[2] ?? ''), 'netconf', rpc[1] ?? ''));
      await send(']]>]]>\n');
    }
  }
}
