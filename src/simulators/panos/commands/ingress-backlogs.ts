/**
 * `show running resource-monitor ingress-backlogs`. No XML capture of it is known: `nested` is a reconstruction from
 * the vendor's CLI sample and from what a public script searches, the other shapes are what a client must survive.
 */
import { type Call, type Command, reads } from '../command.ts';
import { failure, type Reply, success } from '../replies.ts';
import { backlogShapes } from '../backlog-shapes.ts';
import { carriesTraffic } from '../state/member.ts';
import { offenders } from '../state/offenders.ts';
import { dataplaneNames } from '../state/platform.ts';

export const ingressBacklogsCommands: readonly Command[] = [
  reads('show running resource-monitor ingress-backlogs', ingressBacklogs),
];

function ingressBacklogs({ member, state }: Call): Reply {
  const shape = state.platform.virtual ? 'unsupported' : state.behaviour.backlogs;
  if (shape === 'unsupported') return failure(17, 'ingress-backlogs is unsupported on this platform');
  if (!carriesTraffic(member)) return success();
  const listed = member.dataplanes.map(dataplane => ({
    ...dataplaneNames(dataplane.name),
    usage: Math.round(state.load(member, dataplane).onChipDescriptor),
    sessions: offenders(state, member, dataplane, 'onChipDescriptor'),
  }));
  return success(...backlogShapes[shape](listed.filter(dataplane => dataplane.sessions.length > 0)));
}
