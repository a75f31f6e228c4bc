import { z } from 'zod';
import type { Json } from '../../core/json.ts';
import type { Board } from './board.ts';
import {
  CHASSIS_INTRUSION,
  FIRST_AC_POWER_ON,
  LOG_CLEARED,
  PCI_ERROR_OFFSETS,
  type PciErrorName,
} from './event-bytes.ts';

const EVENTS = { 'ac-power-on': FIRST_AC_POWER_ON, 'chassis-intrusion': CHASSIS_INTRUSION } as const;
const errorNames = Object.keys(PCI_ERROR_OFFSETS) as PciErrorName[];

/** Trouble on a board, as JSON. */
const Trouble = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pci-error'),
    error: z.enum(errorNames).default('serr'),
    bus: z.int().min(0).max(254).default(0x80),
    device: z.int().min(0).max(31).default(2),
    function: z.int().min(0).max(7).default(2),
  }),
  z.strictObject({ kind: z.literal('event'), event: z.enum(['ac-power-on', 'chassis-intrusion']) }),
  z.strictObject({ kind: z.literal('clear-log') }),
]);

/** Makes the trouble, and tells the id of the entry that it left. Throws a ZodError for an order that makes no sense. */
export function makeTrouble(board: Board, order: unknown): Json {
  const trouble = Trouble.parse(order);
  switch (trouble.kind) {
    case 'pci-error':
      return { id: board.failPci(trouble.error, trouble)?.id ?? null };
    case 'event':
      return { id: board.log(EVENTS[trouble.event])?.id ?? null };
    case 'clear-log':
      board.sel.clear(Math.floor(board.now / 1_000));
      return { id: board.log(LOG_CLEARED)?.id ?? null };
  }
}
