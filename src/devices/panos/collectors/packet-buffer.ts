import { sample, type Metric, type Sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import { showPacketBufferProtection, showResourceMonitor } from '../commands.ts';
import { spelledLike } from '../dataplane.ts';
import { type DataplaneProtection, readPacketBufferProtection } from '../replies/packet-buffer-protection.ts';
import { type DataplaneLoad, readResourceMonitor } from '../replies/resource-monitor.ts';
import type { PanosSession } from '../session.ts';
import { fromEachMember } from './each-member.ts';

const PER_DATAPLANE = { kind: 'gauge', labels: ['member', 'dataplane'] } as const;

const buffer: Metric = {
  ...PER_DATAPLANE,
  name: 'panos_packet_buffer_ratio',
  help: 'Packet buffers in use on one dataplane over the last second, 0 to 1. An average over dataplanes hides a full one.',
};

const descriptor: Metric = {
  ...PER_DATAPLANE,
  name: 'panos_packet_descriptor_ratio',
  help: 'Packet descriptors in use on one dataplane over the last second, 0 to 1.',
};

const onChip: Metric = {
  ...PER_DATAPLANE,
  name: 'panos_packet_descriptor_on_chip_ratio',
  help:
    'On-chip packet descriptors in use on one dataplane over the last second, 0 to 1. ' +
    'Platforms that buffer in software have none.',
};

const congestion: Metric = {
  ...PER_DATAPLANE,
  name: 'panos_packet_buffer_protection_congestion_ratio',
  help:
    'Buffers in use as packet-buffer protection of the device counts them on one dataplane, 0 to 1. ' +
    'Absent where that protection is off or not known to the platform.',
};

/** Packet buffers and descriptors of each dataplane of each member: two calls a member, made at the same time. */
export const packetBuffer: Collector<PanosSession> = {
  name: 'packet-buffer',
  cadence: 'scrape',
  metrics: [buffer, descriptor, onChip, congestion],
  collect: (session, signal) =>
    fromEachMember(session, async member => {
      const [monitor, protection] = await Promise.all([
        member.read(showResourceMonitor, signal),
        member.readIfSupported(showPacketBufferProtection, signal),
      ]);
      const loads = readResourceMonitor(monitor);
      const known = loads.map(load => load.dataplane);
      return [
        ...loads.flatMap(load => loadSamples(member.name, load)),
        ...(protection ? readPacketBufferProtection(protection) : []).flatMap(dataplane =>
          congestionSamples(member.name, known, dataplane),
        ),
      ];
    }),
};

function loadSamples(member: string, load: DataplaneLoad): readonly Sample[] {
  const labels = { member, dataplane: load.dataplane };
  const ratio = (metric: Metric, percent: number | undefined) =>
    percent === undefined ? [] : [sample(metric, labels, percent / 100)];
  return [
    ...ratio(buffer, load.packetBuffer),
    ...ratio(descriptor, load.packetDescriptor),
    ...ratio(onChip, load.packetDescriptorOnChip),
  ];
}

function congestionSamples(member: string, known: readonly string[], found: DataplaneProtection): readonly Sample[] {
  if (found.congestion === undefined) return [];
  return [sample(congestion, { member, dataplane: spelledLike(found.dataplane, known) }, found.congestion)];
}
