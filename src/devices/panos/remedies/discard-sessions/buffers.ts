import type { Measurement } from '../../../../core/action.ts';
import { showResourceMonitor } from '../../commands.ts';
import { readResourceMonitor } from '../../replies/resource-monitor.ts';
import type { PanosMember } from '../../session.ts';

/** The packet buffer of one dataplane of one member, in percent. */
export interface BufferReading {
  readonly member: PanosMember;
  readonly dataplane: string;
  readonly percent: number;
}

/** The packet buffers of every dataplane of these members, fullest first: one call a member. */
export async function readBuffers(
  members: readonly PanosMember[],
  signal: AbortSignal,
): Promise<readonly BufferReading[]> {
  const readings = await Promise.all(
    members.map(async member => {
      const loads = readResourceMonitor(await member.read(showResourceMonitor, signal));
      return loads.flatMap(({ dataplane, packetBuffer }) =>
        packetBuffer === undefined ? [] : [{ member, dataplane, percent: packetBuffer }],
      );
    }),
  );
  return readings.flat().sort((left, right) => right.percent - left.percent);
}

export function measure({ member, dataplane, percent }: BufferReading): Measurement {
  return { name: `packet buffer of ${dataplane} on ${member.name}`, value: percent, unit: '%' };
}
