import { formatDuration } from '../../core/duration.ts';
import type { Guard } from './guard.ts';

/**
 * An alert tells of the time when it began. Past `max_alert_age` it says too little about now; one that begins further
 * ahead than that comes from a clock that cannot be trusted. An operator's approval stands in for the age.
 */
export const alertAge: Guard = ({ case: subject, guards, clock }) => {
  if (subject.approvedBy !== undefined) return undefined;
  const age = clock.now() - subject.alert.startsAt;
  if (Math.abs(age) <= guards.maxAlertAgeMs) return undefined;
  const limit = `max_alert_age is ${formatDuration(guards.maxAlertAgeMs)}`;
  const found =
    age > 0 ? `the alert began ${formatDuration(age)} ago` : `the alert begins ${formatDuration(-age)} from now`;
  return { reason: 'stale-alert', detail: `${found}; ${limit}` };
};
