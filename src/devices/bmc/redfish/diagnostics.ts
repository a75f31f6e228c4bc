import { DeviceSurprise, DeviceUnreachable } from '../../../core/errors.ts';
import type { Clock } from '../../../core/clock.ts';
import type { HttpAnswer } from '../../../transport/http-exchange.ts';
import { diagnosticEntry, isResourcePath } from './replies.ts';
import type { Read } from './discovery.ts';
import type { RedfishWeb } from './web.ts';

/** What is asked for: state of the BMC itself. Other types need a host that answers. */
export const DIAGNOSTIC_REQUEST = { DiagnosticDataType: 'Manager' } as const;

const POLL_MS = 2_000;
const LONGEST_MS = 300_000;

interface Means {
  readonly device: string;
  readonly web: RedfishWeb;
  readonly read: Read;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Has a log service collect diagnostic data (`LogService.CollectDiagnosticData`) and gives the file. The BMC answers
 * with the entry at once (201), or with a task to wait for (202).
 */
export async function collectDiagnostics(target: string, maxBytes: number, means: Means): Promise<Uint8Array> {
  const { web, read, signal } = means;
  const begun = await web.post(target, DIAGNOSTIC_REQUEST, signal);
  const done = begun.status === 202 ? await waitForTask(begun, target, means) : begun;
  const entry = locationOf(done);
  if (entry === undefined) throw surprise(means, target, 'the BMC does not say where the data is');
  const { AdditionalDataURI } = await read(entry, diagnosticEntry);
  return web.download(AdditionalDataURI, maxBytes, signal);
}

async function waitForTask(begun: HttpAnswer, target: string, means: Means): Promise<HttpAnswer> {
  const { web, clock, signal } = means;
  const monitor = locationOf(begun);
  if (monitor === undefined) throw surprise(means, target, 'the BMC began a task and does not say which');
  const end = clock.monotonic() + LONGEST_MS;
  while (clock.monotonic() < end) {
    await clock.sleep(POLL_MS, signal);
    const answer = await web.poll(monitor, signal);
    if (answer.status !== 202) return answer;
  }
  const found = `the BMC was not done after ${LONGEST_MS / 60_000} min`;
  throw new DeviceUnreachable({ device: means.device, tried: `POST ${target}`, found });
}

function locationOf(answer: HttpAnswer): string | undefined {
  const header = [answer.headers['location'] ?? []].flat()[0];
  if (header === undefined || !URL.canParse(header, 'https://bmc')) return undefined;
  const { pathname } = new URL(header, 'https://bmc');
  return isResourcePath(pathname) ? pathname : undefined;
}

function surprise(means: Means, target: string, found: string): DeviceSurprise {
  return new DeviceSurprise({ device: means.device, tried: `POST ${target}`, found });
}
