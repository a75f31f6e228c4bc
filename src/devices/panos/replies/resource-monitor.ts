import { dataplaneName } from '../dataplane.ts';
import type { Reply } from '../reply.ts';
import { child, childrenNamed, childText, type XmlElement } from '../xml/element.ts';

/** How full one dataplane's resources are, in percent. What the platform does not have is undefined. */
export interface DataplaneLoad {
  readonly dataplane: string;
  readonly packetBuffer: number | undefined;
  readonly packetDescriptor: number | undefined;
  readonly packetDescriptorOnChip: number | undefined;
}

/**
 * `show running resource-monitor second last 1`: one element per dataplane, named after it, in no fixed order. Where a
 * device answers with more seconds than asked for, the highest counts, since their order is not documented.
 * Throws DeviceSurprise when there are no dataplanes or a value is not a percentage.
 */
export function readResourceMonitor(reply: Reply): readonly DataplaneLoad[] {
  const processors = child(child(reply.result, 'resource-monitor'), 'data-processors');
  if (!processors) throw reply.surprise('no <data-processors>');
  const dataplanes = processors.children.filter(element => dataplaneName(element.name) === element.name);
  if (dataplanes.length === 0) throw reply.surprise('no dataplane');
  return dataplanes.map(element => readDataplane(reply, element));
}

function readDataplane(reply: Reply, element: XmlElement): DataplaneLoad {
  const entries = childrenNamed(child(child(element, 'second'), 'resource-utilization'), 'entry');
  const percent = (resource: string) => {
    const entry = entries.find(candidate => childText(candidate, 'name') === resource);
    return entry && highest(reply, `${resource} of ${element.name}`, childText(entry, 'value'));
  };
  return {
    dataplane: element.name,
    packetBuffer: percent('packet buffer'),
    packetDescriptor: percent('packet descriptor'),
    packetDescriptorOnChip: percent('packet descriptor (on-chip)'),
  };
}

function highest(reply: Reply, what: string, list: string | undefined): number {
  const values = (list ?? '').split(',').map(text => (/^\s*\d{1,3}\s*$/.test(text) ? Number(text) : NaN));
  const value = Math.max(...values);
  if (Number.isNaN(value) || value > 100) throw reply.surprise(`${what} is "${(list ?? '').slice(0, 80)}"`);
  return value;
}
