import { sample, type Metric } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import { showSessionInfo } from '../commands.ts';
import { readSessionInfo } from '../replies/session-info.ts';
import type { PanosSession } from '../session.ts';
import { fromEachMember } from './each-member.ts';

const active: Metric = {
  name: 'panos_sessions',
  help:
    'Sessions in the session table of the member, as show session info gives them; a device with several dataplanes ' +
    'answers for the dataplane that it was asked on.',
  kind: 'gauge',
  labels: ['member'],
};

const limit: Metric = {
  name: 'panos_sessions_limit',
  help: 'Sessions that the session table of the member can hold, counted as panos_sessions.',
  kind: 'gauge',
  labels: ['member'],
};

/** How full the session table is: one call a member. */
export const sessions: Collector<PanosSession> = {
  name: 'sessions',
  cadence: 'scrape',
  metrics: [active, limit],
  collect: (session, signal) =>
    fromEachMember(session, async member => {
      const found = readSessionInfo(await member.read(showSessionInfo, signal));
      const labels = { member: member.name };
      return [
        ...(found.active === undefined ? [] : [sample(active, labels, found.active)]),
        ...(found.limit === undefined ? [] : [sample(limit, labels, found.limit)]),
      ];
    }),
};
