import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DeviceUnreachable, Refusal } from '../../../../src/core/errors.ts';
import { memberForTags, membersForSessions } from '../../../../src/devices/panos/acting-member.ts';
import type { HaReading } from '../../../../src/devices/panos/ha-reading.ts';
import type { ConfigSync, HaEnabled, HaState, MemberState } from '../../../../src/devices/panos/replies/ha-state.ts';
import type { PanosMember } from '../../../../src/devices/panos/session.ts';

const never = () => assert.fail('a decision makes no calls');
const a: PanosMember = {
  name: 'a',
  read: never,
  readIfSupported: never,
  readIfPresent: never,
  change: never,
  changeForReply: never,
};
const b: PanosMember = { ...a, name: 'b' };

type Said = HaState | 'silent';

function pair(
  state: MemberState,
  peer: MemberState | undefined,
  mode: 'active-passive' | 'active-active' | 'unknown' = 'active-passive',
  connected = true,
): HaEnabled {
  return {
    enabled: true,
    mode,
    local: {
      state,
      stateSeconds: 86_400,
      priority: 100,
      preemptive: false,
      stateSync: 'complete',
      matches: [],
    },
    peer: peer && { state: peer, connected },
    configSync: 'synchronized',
    links: [],
    monitoredInterfaces: [],
  };
}

function decide(...said: readonly Said[]): string {
  return decideWith(true, ...said);
}

function decideWith(requireSync: boolean, ...said: readonly Said[]): string {
  return inWords(() =>
    membersForSessions(readingOf(requireSync, said))
      .map(({ name }) => name)
      .join('+'),
  );
}

function readingOf(requireSync: boolean, said: readonly Said[]): HaReading {
  const members = [a, b].slice(0, said.length);
  return {
    answered: members.flatMap((member, index) => {
      const ha = said[index];
      return ha === undefined || ha === 'silent' ? [] : [{ member, ha }];
    }),
    silent: members.flatMap((member, index) =>
      said[index] === 'silent'
        ? [{ member, error: new DeviceUnreachable({ device: 'fw', tried: 'x', found: `${member.name} is silent` }) }]
        : [],
    ),
    requireSync,
  };
}

function inWords(ask: () => string): string {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    if (error instanceof DeviceUnreachable) return 'unreachable';
    throw error;
  }
}

const OFF: HaState = { enabled: false };
const aa = (state: MemberState, peer?: MemberState, connected = true) => pair(state, peer, 'active-active', connected);

const table: readonly (readonly [what: string, said: readonly Said[], decision: string])[] = [
  ['one firewall without HA', [OFF], 'a'],
  ['two addresses without HA', [OFF, OFF], 'ha-disabled'],
  ['two addresses without HA, one silent', [OFF, 'silent'], 'ha-disabled'],
  ['nobody answers', ['silent', 'silent'], 'unreachable'],
  ['one firewall that does not answer', ['silent'], 'unreachable'],

  ['active and passive', [pair('active', 'passive'), pair('passive', 'active')], 'a'],
  ['passive and active', [pair('passive', 'active'), pair('active', 'passive')], 'b'],
  ['both active: split brain', [pair('active', 'unknown'), pair('active', 'unknown')], 'ha-split-brain'],
  ['active and suspended', [pair('active', 'suspended'), pair('suspended', 'active')], 'a'],
  ['active and non-functional', [pair('active', 'non-functional'), pair('non-functional', 'active')], 'a'],
  ['active and tentative', [pair('active', 'tentative'), pair('tentative', 'active')], 'a'],
  ['active and a state nobody knows', [pair('active', 'unknown'), pair('unknown', 'active')], 'ha-state-unknown'],
  ['passive and passive', [pair('passive', 'passive'), pair('passive', 'passive')], 'ha-no-active'],
  ['passive and suspended', [pair('passive', 'suspended'), pair('suspended', 'passive')], 'ha-suspended'],
  ['suspended both', [pair('suspended', 'suspended'), pair('suspended', 'suspended')], 'ha-suspended'],
  ['initial both', [pair('initial', 'initial'), pair('initial', 'initial')], 'ha-no-active'],
  ['tentative and initial', [pair('tentative', 'initial'), pair('initial', 'tentative')], 'ha-no-active'],

  ['active, the peer silent but seen as passive', [pair('active', 'passive'), 'silent'], 'a'],
  ['active, the peer silent and seen as active', [pair('active', 'active'), 'silent'], 'ha-split-brain'],
  ['active, the peer silent and unknown', [pair('active', 'unknown'), 'silent'], 'ha-peer-unknown'],
  [
    'active, the peer silent and not connected',
    [pair('active', 'passive', 'active-passive', false), 'silent'],
    'ha-peer-unknown',
  ],
  ['active, the peer silent and not mentioned', [pair('active', undefined), 'silent'], 'ha-peer-unknown'],
  ['passive, the active one silent', [pair('passive', 'active'), 'silent'], 'unreachable'],

  ['one address, active', [pair('active', 'passive')], 'a'],
  ['one address, active, peer active', [pair('active', 'active')], 'ha-split-brain'],
  ['one address, active, peer unknown', [pair('active', 'unknown')], 'ha-peer-unknown'],
  ['one address, passive', [pair('passive', 'active')], 'ha-no-active'],

  ['HA on one member only', [pair('active', 'passive'), OFF], 'ha-state-unknown'],
  [
    'a mode that nobody knows',
    [pair('active', 'passive', 'unknown'), pair('passive', 'active', 'unknown')],
    'ha-state-unknown',
  ],
  ['two modes', [pair('active', 'passive'), aa('active-primary', 'active-secondary')], 'ha-state-unknown'],
  ['the words of Panorama', [pair('unknown', 'unknown', 'unknown')], 'ha-state-unknown'],

  ['active/active', [aa('active-primary', 'active-secondary'), aa('active-secondary', 'active-primary')], 'a+b'],
  ['active/active, one suspended', [aa('active-primary', 'suspended'), aa('suspended', 'active-primary')], 'a'],
  ['active/active, both primary', [aa('active-primary'), aa('active-primary')], 'ha-split-brain'],
  ['active/active, both tentative', [aa('tentative'), aa('tentative')], 'ha-no-active'],
  ['active/active, the peer silent but seen', [aa('active-primary', 'active-secondary'), 'silent'], 'a'],
  [
    'active/active, the peer silent in the same part',
    [aa('active-primary', 'active-primary'), 'silent'],
    'ha-split-brain',
  ],
  ['active/active, the peer silent and unknown', [aa('active-primary', 'unknown', false), 'silent'], 'ha-peer-unknown'],
  ['active/active with a state of active/passive', [aa('active', 'passive'), aa('passive', 'active')], 'ha-no-active'],
];

describe('whose sessions may be changed', () => {
  for (const [what, said, decision] of table) {
    test(`${what}: ${decision}`, () => {
      assert.equal(decide(...said), decision);
    });
  }

  test('in no state of a pair do two members act that claim the same part, and none that is not active', () => {
    const states: MemberState[] = [
      'active',
      'passive',
      'active-primary',
      'active-secondary',
      'initial',
      'tentative',
      'non-functional',
      'suspended',
      'unknown',
    ];
    const modes = ['active-passive', 'active-active', 'unknown'] as const;
    for (const mode of modes) {
      for (const left of states) {
        for (const right of states) {
          const acting = decide(pair(left, right, mode), pair(right, left, mode)).split('+');
          const acted = [...(acting.includes('a') ? [left] : []), ...(acting.includes('b') ? [right] : [])];
          assert.ok(acted.every(state => ['active', 'active-primary', 'active-secondary'].includes(state)));
          assert.equal(new Set(acted).size, acted.length, `${mode} ${left} ${right}`);
        }
      }
    }
  });

  const lasting = (state: MemberState, peer: MemberState, stateSeconds: number | undefined) => {
    const said = pair(state, peer);
    return { ...said, local: { ...said.local, stateSeconds } };
  };

  for (const [seconds, decision] of [
    [0, 'ha-failover-recent'],
    [59, 'ha-failover-recent'],
    [60, 'a'],
    [undefined, 'ha-state-unknown'],
  ] as const) {
    test(`active for ${seconds ?? 'nobody knows how many'} seconds: ${decision}`, () => {
      assert.equal(decide(lasting('active', 'passive', seconds), pair('passive', 'active')), decision);
      assert.equal(decide(lasting('active', 'passive', seconds), 'silent'), decision);
    });
  }

  test('a passive member that came back just now is no failover', () => {
    assert.equal(decide(pair('active', 'passive'), lasting('passive', 'active', 3)), 'a');
  });

  const syncing = (state: MemberState, peer: MemberState, configSync: ConfigSync | undefined) => ({
    ...pair(state, peer),
    configSync,
  });

  const rows: readonly (readonly [ConfigSync | undefined, ConfigSync | undefined, string])[] = [
    ['synchronized', 'synchronized', 'a'],
    ['synchronized', undefined, 'a'],
    ['disabled', 'disabled', 'a'],
    ['not-synchronized', 'synchronized', 'ha-not-synchronized'],
    ['synchronized', 'not-synchronized', 'ha-not-synchronized'],
    ['in-progress', 'in-progress', 'ha-not-synchronized'],
    ['unknown', 'synchronized', 'ha-not-synchronized'],
    [undefined, 'synchronized', 'ha-not-synchronized'],
  ];
  for (const [active, passive, decision] of rows) {
    test(`the active one says ${active ?? 'nothing'}, the passive one ${passive ?? 'nothing'}: ${decision}`, () => {
      const said = [syncing('active', 'passive', active), syncing('passive', 'active', passive)] as const;
      assert.equal(decide(...said), decision);
      assert.equal(decideWith(false, ...said), 'a');
    });
  }
});

describe('on whom tags and configuration are changed', () => {
  const rows: readonly (readonly [what: string, said: readonly Said[], decision: string])[] = [
    ['one firewall without HA', [OFF], 'a'],
    ['passive and active', [pair('passive', 'active'), pair('active', 'passive')], 'b'],
    ['passive and passive', [pair('passive', 'passive'), pair('passive', 'passive')], 'ha-no-active'],
    ['both active: split brain', [pair('active', 'unknown'), pair('active', 'unknown')], 'ha-split-brain'],
    ['suspended both', [pair('suspended', 'suspended'), pair('suspended', 'suspended')], 'ha-suspended'],
    ['active/active', [aa('active-secondary', 'active-primary'), aa('active-primary', 'active-secondary')], 'b'],
    ['active/active, both primary', [aa('active-primary'), aa('active-primary')], 'ha-split-brain'],
    ['active/active, the primary silent', [aa('active-secondary', 'active-primary'), 'silent'], 'ha-primary-silent'],
    ['the active one silent', [pair('passive', 'active'), 'silent'], 'unreachable'],
  ];
  for (const [what, said, decision] of rows) {
    test(`${what}: ${decision}`, () => {
      assert.equal(
        inWords(() => memberForTags(readingOf(true, said)).name),
        decision,
      );
    });
  }
});
