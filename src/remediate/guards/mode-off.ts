import type { Guard } from './guard.ts';

/** A remedy that is switched off does nothing, not even look. */
export const modeOff: Guard = ({ case: subject, policy }) =>
  policy.mode === 'off' ? { reason: 'off', detail: `remedy ${subject.remedy} is switched off (mode: off)` } : undefined;
