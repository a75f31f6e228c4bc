import type { Watcher } from '../core/bus.ts';
import { targetText } from '../core/target.ts';
import type { Log } from '../core/log.ts';

/** Writes what happens to cases and to the configuration into the log: static messages with fields. */
export function logHappenings(log: Log): Watcher {
  return happening => {
    if (happening.kind === 'reload') {
      const { successful, detail } = happening;
      if (successful) log.info({}, 'configuration loaded');
      else log.error({ detail }, 'configuration refused, the old one stays in force');
      return;
    }
    if (happening.kind === 'strays' && happening.subjects.length > 0) {
      const { device, remedy, subjects } = happening;
      log.warn({ device, remedy, count: subjects.length, subjects: subjects.slice(0, 20) }, 'blocks without a case');
    }
    if (happening.kind !== 'case') return;
    const { id, device, remedy, target, state, reason, detail } = happening.case;
    const fields = { case: id, device, remedy, target: targetText(target), state, event: happening.event.type };
    log.info({ ...fields, ...(reason !== undefined && { reason }), ...(detail !== undefined && { detail }) }, 'case');
  };
}
