import { z } from 'zod';
import { Bug } from '../../../core/errors.ts';
import type { Json } from '../../../core/json.ts';
import { EVENT_KINDS } from './event-kind.ts';
import { PCI_ERRORS } from './pci-error.ts';
import type { Tally } from './tally.ts';

const count = z.int().min(0);

/** A tally as the device memory holds it: pairs instead of maps, short keys for the many. */
const memorized = z.strictObject({
  version: z.literal(1),
  firstSightAt: z.number(),
  settled: z.boolean(),
  entries: count,
  seen: z.array(z.tuple([z.string(), count, z.boolean()])),
  kinds: z.array(z.tuple([z.enum(EVENT_KINDS), z.strictObject({ count, lastTime: z.number().exactOptional() })])),
  pci: z.array(z.tuple([z.string(), count])),
  fresh: z.array(
    z.strictObject({
      error: z.enum(PCI_ERRORS),
      bus: z.string().exactOptional(),
      deviceFunction: z.string().exactOptional(),
      content: z.string(),
      time: z.number().exactOptional(),
      seenAt: z.number(),
    }),
  ),
  erasedAt: z.number().exactOptional(),
});

export function toMemory(tally: Tally): Json {
  return {
    version: 1,
    firstSightAt: tally.firstSightAt,
    settled: tally.settled,
    entries: tally.entries,
    seen: [...tally.seen].map(([content, { times, undated }]) => [content, times, undated]),
    kinds: [...tally.kinds].map(([kind, counted]) => [kind, { ...counted }]),
    pci: [...tally.pci].map(([place, times]) => [place, times]),
    fresh: tally.fresh.map(error => ({ ...error })),
    ...(tally.erasedAt === undefined ? {} : { erasedAt: tally.erasedAt }),
  };
}

/** Throws Bug when the memory does not hold a tally: beginning again would call the whole log new or old by guess. */
export function fromMemory(device: string, value: Json): Tally {
  const parsed = memorized.safeParse(value);
  if (!parsed.success)
    throw new Bug(`${device}: the remembered event log is not usable: ${z.prettifyError(parsed.error)}`);
  const { version: _, seen, kinds, pci, ...facts } = parsed.data;
  return {
    ...facts,
    seen: new Map(seen.map(([content, times, undated]) => [content, { times, undated }])),
    kinds: new Map(kinds),
    pci: new Map(pci),
  };
}
