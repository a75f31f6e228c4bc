import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { program } from '../../../src/cli/programs/program.ts';
import { recordBytes, type StoredRecord } from '../../../src/simulators/bmc/sel.ts';

const [ipmiSimPath, ipmitoolPath] = await Promise.all([find('ipmi_sim'), find('ipmitool')]);

/** Why the tests against OpenIPMI's simulator are skipped, or false where its programs are at hand. */
export const ipmiMissing: string | false =
  ipmiSimPath !== undefined && ipmitoolPath !== undefined
    ? false
    : 'ipmi_sim and ipmitool are neither installed nor to be had (Debian: apt-get install openipmi ipmitool)';

/** The program that the driver shall run. */
export const IPMITOOL = ipmitoolPath ?? 'ipmitool';

export const IPMI_USER = 'monitor';
export const IPMI_PASSWORD = 'test1234';

/** A real BMC of OpenIPMI, on loopback. */
export interface IpmiSim {
  /** `ipmi://127.0.0.1:PORT` */
  readonly address: string;
  /** What its host was told, as `set power 0`. */
  chassisCalls(): readonly string[];
  /** Runs ipmitool beside the driver, as somebody else would. */
  ipmitool(...args: readonly string[]): string;
  close(): Promise<void>;
}

/** Starts the simulator with a log of these records, in a folder of its own. */
export async function startIpmiSim(records: readonly StoredRecord[], capacity = 20): Promise<IpmiSim> {
  const folder = mkdtempSync(join(tmpdir(), 'unclog-ipmi-'));
  const port = await freePort();
  writeKit(folder, port, records, capacity);
  const process_ = spawn(
    ipmiSimPath ?? 'ipmi_sim',
    ['-c', 'lan.conf', '-f', 'lab.emu', '-s', join(folder, 'state'), '-n'],
    {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, CHASSIS_LOG: join(folder, 'chassis.log'), POWER_STATE: join(folder, 'power') },
    },
  );
  const ipmitool = (...args: readonly string[]) => runIpmitool(port, args);
  await answering(ipmitool);
  return {
    address: `ipmi://127.0.0.1:${port}`,
    ipmitool,
    chassisCalls: () => chassisCalls(join(folder, 'chassis.log')),
    close: () => stop(process_, folder),
  };
}

function writeKit(folder: string, port: number, records: readonly StoredRecord[], capacity: number): void {
  const state = join(folder, 'state/ipmi_sim/lab');
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, 'sel.20'), storedLog(records));
  writeFileSync(
    join(folder, 'lan.conf'),
    `name "lab"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid a123456789abcdefa123456789abcdef
  endlan
  chassis_control "${folder}/chassis.sh 0x20"
  user 2 true  "${IPMI_USER}" "${IPMI_PASSWORD}" admin 10 none md2 md5 straight
`,
  );
  writeFileSync(
    join(folder, 'lab.emu'),
    `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
sel_enable 0x20 ${capacity} 0x0a
mc_enable 0x20
`,
  );
  writeFileSync(
    join(folder, 'chassis.sh'),
    `#!/bin/bash
shift
echo "$*" >> "$CHASSIS_LOG"
op=$1; shift
[ -f "$POWER_STATE" ] || echo 1 > "$POWER_STATE"
while [ -n "$1" ]; do
  case $op in
    check) case $1 in power|reset|boot) ;; *) exit 1;; esac; shift;;
    get) case $1 in power) echo "power:$(cat "$POWER_STATE")";; boot) echo "boot:default";; *) exit 1;; esac; shift;;
    set) case $1 in power) echo "$2" > "$POWER_STATE";; reset|boot) :;; *) exit 1;; esac; shift 2;;
  esac
done
`,
  );
  chmodSync(join(folder, 'chassis.sh'), 0o755);
}

/** The simulator's own file of a log: newest first, bytes that are no printable letter as `\\xx`. */
function storedLog(records: readonly StoredRecord[]): string {
  const lines = records.toReversed().map(record => `${record.id}:d:${[...recordBytes(record)].map(escaped).join('')}`);
  return [...lines, 'last_erase_time:i:0', `last_add_time:i:${records.at(-1)?.time ?? 0}`, ''].join('\n');
}

function escaped(byte: number): string {
  return `\\${byte.toString(16).padStart(2, '0')}`;
}

function runIpmitool(port: number, args: readonly string[]): string {
  const where = ['-I', 'lanplus', '-C', '3', '-H', '127.0.0.1', '-p', String(port), '-U', IPMI_USER, '-E', '-N', '1'];
  const env = { ...process.env, IPMI_PASSWORD };
  const { status, stdout, stderr } = spawnSync(IPMITOOL, [...where, '-R', '1', ...args], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`ipmitool ${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function answering(ipmitool: (...args: readonly string[]) => string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      ipmitool('raw', '0x06', '0x01');
      return;
    } catch (error) {
      if (attempt >= 10) throw error;
      await delay(100);
    }
  }
}

function chassisCalls(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.filter(line => line.startsWith('set '));
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

async function find(name: 'ipmi_sim' | 'ipmitool'): Promise<string | undefined> {
  try {
    return await program(name);
  } catch {
    return undefined; // Neither here nor to be fetched: the tests say so when they are skipped.
  }
}
