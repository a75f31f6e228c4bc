import type { SimulatedDevice } from '../device.ts';
import { liveThrough } from './board.ts';
import { startCgiSimulator } from './cgi/simulator.ts';
import { bmcDevice } from './device.ts';
import { startRedfishSimulator } from './redfish/simulator.ts';

/** An X11 board with the web pages of its BMC, and the history of a probe that chokes. */
export async function startProbeBoard(name: string): Promise<SimulatedDevice> {
  const simulator = await startCgiSimulator({ name, generation: 'x11' });
  liveThrough(simulator.board);
  return bmcDevice(simulator, 'supermicro', { login_form: 'base64' });
}

/** A newer board with Redfish, and the same history. */
export async function startRedfishBoard(name: string): Promise<SimulatedDevice> {
  const simulator = await startRedfishSimulator({ name, vendor: 'supermicro' });
  liveThrough(simulator.board);
  return bmcDevice(simulator, 'redfish');
}
