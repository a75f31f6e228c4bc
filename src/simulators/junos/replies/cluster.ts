import type { Srx } from '../srx.ts';
import { type Element, element } from '../xml.ts';

/** The chassis cluster, or the error that a standalone device gives. */
export function clusterStatus(srx: Srx): Element {
  if (srx.form !== 'cluster') return error('error: Chassis cluster is not enabled', 'jsrpd');
  const groups = [0, 1].map(group =>
    element('redundancy-group', [
      element('cluster-id', 1),
      element('redundancy-group-id', group),
      element('redundancy-group-failover-count', 1),
      element('device-stats', [...node(srx, 0, group), ...node(srx, 1, group)]),
    ]),
  );
  return element('chassis-cluster-status', [element('cluster-id', 1), ...groups]);
}

export function error(message: string, daemon: string): Element {
  const xmlns = 'xmlns="http://xml.juniper.net/xnm/1.1/xnm" xmlns:xnm="http://xml.juniper.net/xnm/1.1/xnm"';
  return element('xnm:error', [element('source-daemon', daemon), element('message', message)], xmlns);
}

function node(srx: Srx, number: 0 | 1, group: number): readonly Element[] {
  const owner = group === 0 ? 0 : srx.owner;
  const state =
    number === 1 && srx.secondary !== 'secondary' ? srx.secondary : number === owner ? 'primary' : 'secondary';
  return [
    element('device-name', `node${number}`),
    element('device-priority', number === 0 ? 200 : 100),
    element('redundancy-group-status', state),
    element('preempt', 'no'),
    element('failover-mode', 'no'),
    element('monitor-failures', 'None'),
  ];
}
