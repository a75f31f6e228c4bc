import type { Response } from 'express';
import { writeExposition } from '../observe/exposition.ts';
import { withLogLines } from '../observe/probe-log.ts';
import { maskedYaml } from './masked-yaml.ts';
import type { HttpParts } from './parts.ts';
import type { ProbeRequest } from './probe.ts';

/** Sends a probe as a page for people: what was logged, what came, and the device's configuration without secrets. */
export async function sendProbeDebug(parts: HttpParts, probe: ProbeRequest, response: Response): Promise<void> {
  const { device, collectors, deadlineMs } = probe;
  const look = { devices: [device.name], deadlineMs, ...(collectors && { collectors }) };
  const { value, lines } = await withLogLines(() => parts.live().observer.observe(look));
  response.status(200).set('Content-Type', 'text/plain; charset=utf-8').set('Cache-Control', 'no-store');
  response.write(`# Log of this probe of ${device.name}\n\n${lines.join('\n')}\n\n# Metrics\n\n`);
  for await (const chunk of writeExposition(value, 'text')) response.write(chunk);
  response.end(`\n# Configuration\n\n${maskedYaml(device.config)}`);
}
