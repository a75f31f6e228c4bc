/**
 * The control plane of a simulated fleet: JSON over plain HTTP, for loopback only. What can be ordered of a device is
 * the device's own business; docs/SIMULATOR.md lists it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { messageOf } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { SimulatedDevice } from './device.ts';
import type { Fleet } from './fleet.ts';

const LARGEST_ORDER_BYTES = 1_000_000;

export interface Control {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the control plane. Throws a RangeError when `host` is not a loopback address. */
export async function startControl(fleet: Fleet, host: string, port: number): Promise<Control> {
  if (host !== '127.0.0.1' && host !== '::1') {
    throw new RangeError(`the simulator's control plane listens on 127.0.0.1 or ::1 only, not on ${host}`);
  }
  const server = createServer((request, response) => void handle(fleet, request, response));
  await listen(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${taken}`,
    close: async () => {
      const closed = new Promise(resolve => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: Json;
}

async function handle(fleet: Fleet, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = await answer(fleet, request);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answer(fleet: Fleet, request: IncomingMessage): Promise<Answer> {
  try {
    return await route(fleet, request);
  } catch (error) {
    if (error instanceof z.ZodError) return refusal(400, z.prettifyError(error));
    const wrongOrder = error instanceof RangeError || error instanceof SyntaxError || error instanceof URIError;
    return refusal(wrongOrder ? 400 : 500, messageOf(error));
  }
}

async function route(fleet: Fleet, request: IncomingMessage): Promise<Answer> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const [root, name, part, ...rest] = path.split('/').slice(1).map(decodeURIComponent);
  if (root !== 'devices' || rest.length > 0) return refusal(404, `nothing at ${path}`);
  if (name === undefined) return { status: 200, body: fleet.devices.map(describe) };
  const device = fleet.device(name);
  if (!device) return refusal(404, `no device ${name}; ${namesOf(fleet)}`);
  return answerForDevice(device, `${request.method ?? 'GET'} ${part ?? ''}`.trim(), query, request);
}

async function answerForDevice(
  device: SimulatedDevice,
  what: string,
  query: string,
  request: IncomingMessage,
): Promise<Answer> {
  switch (what) {
    case 'GET':
      return { status: 200, body: describe(device) };
    case 'POST faults':
      device.orderFault(await readJson(request));
      return { status: 201, body: { ordered: true } };
    case 'DELETE faults':
      device.clearFaults();
      return { status: 200, body: { cleared: true } };
    case 'POST trouble':
      return { status: 200, body: device.makeTrouble(await readJson(request)) };
    case 'GET calls': {
      const calls = device.calls();
      const changesOnly = new URLSearchParams(query).get('changes') === 'true';
      return { status: 200, body: changesOnly ? calls.filter(call => call['changes'] === true) : calls };
    }
    default:
      return refusal(405, `${what} is not known; see docs/SIMULATOR.md`);
  }
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

function describe(device: SimulatedDevice): Json {
  return { name: device.name, driver: device.driver, addresses: device.addresses, ...device.describe() };
}

function namesOf(fleet: Fleet): string {
  return `known are ${fleet.devices.map(device => device.name).join(', ')}`;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_ORDER_BYTES) throw new RangeError(`an order holds at most ${LARGEST_ORDER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}
