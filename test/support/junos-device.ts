import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SimulatedDevice } from '../../src/simulators/device.ts';
import type { entryFor } from './junos.ts';

/** A simulated SRX in a process of its own, so that making its replies is not our work. */
export interface JunosDeviceProcess {
  readonly facts: Parameters<typeof entryFor>[0];
  /** AH sessions that it shows. */
  readonly sessions: number;
  /** The same as a member of a fleet; orders do not reach it. */
  readonly device: SimulatedDevice;
  close(): Promise<void>;
}

/** Starts one with about so many AH sessions over so many peers. */
export async function junosDeviceProcess(sessions: number, peers: number): Promise<JunosDeviceProcess> {
  const script = join(import.meta.dirname, 'junos-device-main.ts');
  const child = spawn(process.execPath, [script, String(sessions), String(peers)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const facts = JSON.parse(line) as Parameters<typeof entryFor>[0] & { readonly sessions: number };
  const addresses = [`ssh://127.0.0.1:${facts.port}`];
  const close = async () => {
    if (child.exitCode !== null) return;
    child.stdin.end();
    await once(child, 'exit');
  };
  return {
    facts,
    sessions: facts.sessions,
    close,
    device: {
      name: facts.name,
      driver: 'junos',
      addresses,
      files: [{ name: `${facts.name}.key`, text: facts.privateKey }],
      entry: folder => ({
        name: facts.name,
        driver: 'junos',
        addresses,
        credentials: { username: facts.username, private_key_file: join(folder, `${facts.name}.key`) },
        host_key_sha256: facts.hostKeySha256,
      }),
      describe: () => ({}),
      orderFault: () => {},
      clearFaults: () => {},
      makeTrouble: () => null,
      calls: () => [],
      close,
    },
  };
}
