/** Everything that can be ordered of a simulated firewall by name, as JSON. A new trouble is a line in this table. */
import { z } from 'zod';
import { Behaviour } from './state/behaviour.ts';
import type { Json } from '../../core/json.ts';
import type { PanosState } from './state/state.ts';
import { Abuse, abuse } from './troubles/abuse.ts';
import { ConfigurationOrder, orderConfiguration } from './troubles/configuration.ts';
import { Failover, failover, HaOrder, orderHighAvailability } from './troubles/high-availability.ts';
import { JobOrder, startJob } from './troubles/jobs.ts';
import { BaseLoad, setBaseLoad } from './troubles/load.ts';
import {
  DynamicGroupOrder,
  GroupOrder,
  LoginOrder,
  LogoutOrder,
  orderDynamicGroup,
  orderGroup,
  orderLogin,
  orderLogout,
} from './troubles/people.ts';
import { Reboot, reboot } from './troubles/reboot.ts';
import { EndSessions, endSessions, ReuseId, reuseId } from './troubles/sessions.ts';
import { orderTag, TagByOthers } from './troubles/tags.ts';
import { orderTraffic, Traffic } from './troubles/traffic.ts';
import { orderUsage, Usage } from './troubles/usage.ts';

type Trouble = (state: PanosState, order: Readonly<Record<string, unknown>>) => Json;

const troubles: Readonly<Record<string, Trouble>> = {
  abuse: (state, order) => ({ sessions: abuse(state, Abuse.parse(order)).map(({ id }) => id) }),
  'end-sessions': (state, order) => ({ ended: endSessions(state, EndSessions.parse(order)) }),
  'reuse-id': (state, order) => ({ session: reuseId(state, ReuseId.parse(order)).id }),
  load: (state, order) => done(() => setBaseLoad(state, BaseLoad.parse(order))),
  failover: (state, order) => ({ active: failover(state, Failover.parse(order)).name }),
  'high-availability': (state, order) => done(() => orderHighAvailability(state, HaOrder.parse(order))),
  job: (state, order) => ({ job: startJob(state, JobOrder.parse(order)).id }),
  configuration: (state, order) => done(() => orderConfiguration(state, ConfigurationOrder.parse(order))),
  usage: (state, order) => ({ buckets: orderUsage(state, Usage.parse(order)) }),
  traffic: (state, order) => ({ sessions: orderTraffic(state, Traffic.parse(order)) }),
  tag: (state, order) => done(() => orderTag(state, TagByOthers.parse(order))),
  login: (state, order) => done(() => orderLogin(state, LoginOrder.parse(order))),
  logout: (state, order) => done(() => orderLogout(state, LogoutOrder.parse(order))),
  group: (state, order) => done(() => orderGroup(state, GroupOrder.parse(order))),
  'dynamic-group': (state, order) => done(() => orderDynamicGroup(state, DynamicGroupOrder.parse(order))),
  reboot: (state, order) => done(() => reboot(state, Reboot.parse(order))),
  behaviour: (state, order) =>
    done(() => {
      state.behaviour = Behaviour.parse({ ...state.behaviour, ...order });
    }),
};

const Named = z.looseObject({ kind: z.string() });

/** Orders a trouble given as `{ "kind": "abuse", … }`. Throws with what was wrong when the order makes no sense. */
export function makeTrouble(state: PanosState, order: unknown): Json {
  const { kind, ...rest } = Named.parse(order);
  const trouble = Object.hasOwn(troubles, kind) ? troubles[kind] : undefined;
  if (!trouble) throw new RangeError(`no trouble "${kind}"; known are ${Object.keys(troubles).join(', ')}`);
  state.advance();
  return trouble(state, rest);
}

function done(act: () => void): Json {
  act();
  return { done: true };
}
