import { z } from 'zod';
import { type Load } from '../state/session.ts';
import type { PanosState } from '../state/state.ts';

const percent = z.number().min(0).max(100);

/** Load that no listed session explains; what is absent stays. */
export const BaseLoad = z.strictObject({
  member: z.string().optional(),
  dataplane: z.string().optional(),
  packetBuffer: percent.optional(),
  packetDescriptor: percent.optional(),
  onChipDescriptor: percent.optional(),
});

/** Sets the base load of the dataplanes named; of all where none is named. */
export function setBaseLoad(state: PanosState, order: z.input<typeof BaseLoad>): void {
  const { member, dataplane, ...wanted } = BaseLoad.parse(order);
  const members = member === undefined ? state.members : [state.member(member)];
  for (const target of members.flatMap(({ dataplanes }) => dataplanes)) {
    if (dataplane !== undefined && target.name !== dataplane) continue;
    target.base = merge(target.base, wanted);
  }
}

function merge(base: Load, wanted: { readonly [name in keyof Load]?: number | undefined }): Load {
  return {
    packetBuffer: wanted.packetBuffer ?? base.packetBuffer,
    packetDescriptor: wanted.packetDescriptor ?? base.packetDescriptor,
    onChipDescriptor: wanted.onChipDescriptor ?? base.onChipDescriptor,
  };
}
