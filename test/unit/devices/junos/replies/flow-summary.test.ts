import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  limitsByNode,
  readFlowSummary,
  sessionsByNode,
} from '../../../../../src/devices/junos/replies/flow-summary.ts';
import { readTree } from '../../../../../src/devices/junos/replies/tree.ts';

async function read(content: string) {
  async function* once() {
    yield Buffer.from(`<rpc-reply>${content}</rpc-reply>`);
  }
  return readFlowSummary(await readTree(once()));
}

const counts = (valid: number | string, max: number | string = 1_000) =>
  `<flow-session-summary-information><active-sessions>9999</active-sessions><active-session-valid>${valid}</active-session-valid><max-sessions>${max}</max-sessions></flow-session-summary-information>`;
const shown = (count: number | string) => `<displayed-session-count>${count}</displayed-session-count>`;
const spu = (pic: number) => `<flow-fpc-pic-id> on FPC0 PIC${pic}:</flow-fpc-pic-id>`;
const empty = '<flow-session-information></flow-session-information>';

/** The shapes of releases and platforms, and the sessions and limits that each SPU or node must give. */
const SHAPES: Readonly<Record<string, readonly [content: string, expected: readonly unknown[]]>> = {
  'a: 15.1X49 branch, between two empty containers': [
    `${empty}${counts(7)}${empty}`,
    [[undefined, undefined, 7, 1_000]],
  ],
  'a alone': [counts(7), [[undefined, undefined, 7, 1_000]]],
  'b: 15.1X49 with SPUs, the place before each summary': [
    [1, 2]
      .map(pic => `<flow-session-information>${spu(pic)}</flow-session-information>${counts(pic)}${empty}`)
      .join(''),
    [
      [undefined, '0/1', 1, 1_000],
      [undefined, '0/2', 2, 1_000],
    ],
  ],
  'c: 19.4 with SPUs': [
    `<flow-session-information>${[1, 2].map(pic => `<flow-session-per-pic><flow-fpc-id>0</flow-fpc-id><flow-pic-id>${pic}</flow-pic-id>${counts(pic)}</flow-session-per-pic>`).join('')}</flow-session-information>`,
    [
      [undefined, '0/1', 1, 1_000],
      [undefined, '0/2', 2, 1_000],
    ],
  ],
  'c without places': [
    `<flow-session-information><flow-session-per-pic>${counts(7)}</flow-session-per-pic></flow-session-information>`,
    [[undefined, undefined, 7, 1_000]],
  ],
  'd: 24.4': [
    `<security-flow-information><flow-session-information>${counts(7)}</flow-session-information></security-flow-information>`,
    [[undefined, undefined, 7, 1_000]],
  ],
  'e: filtered, per node': [
    `<multi-routing-engine-results>${[0, 1].map(node => `<multi-routing-engine-item><re-name>node${node}</re-name><flow-session-information>${shown(node + 3)}</flow-session-information></multi-routing-engine-item>`).join('')}</multi-routing-engine-results>`,
    [
      ['node0', undefined, 3, undefined],
      ['node1', undefined, 4, undefined],
    ],
  ],
  'e: filtered, per SPU': [
    [1, 2].map(pic => `<flow-session-information>${spu(pic)}${shown(pic)}</flow-session-information>`).join(''),
    [
      [undefined, '0/1', 1, undefined],
      [undefined, '0/2', 2, undefined],
    ],
  ],
  'f: filtered, 20.4': [
    `<security-flow-information><flow-session-information>${shown(0)}</flow-session-information></security-flow-information>`,
    [[undefined, undefined, 0, undefined]],
  ],
  'g: filtered, 20.3 with SPUs': [
    `<flow-session-information>${[1, 2].map(pic => `<flow-session-per-pic><flow-fpc-id>0</flow-fpc-id><flow-pic-id>${pic}</flow-pic-id><dcp-flow-session-summary-information><dcp-displayed-session-count>${pic}</dcp-displayed-session-count></dcp-flow-session-summary-information></flow-session-per-pic>`).join('')}</flow-session-information>`,
    [
      [undefined, '0/1', 1, undefined],
      [undefined, '0/2', 2, undefined],
    ],
  ],
  'N/A is no number': [counts('N/A', 'N/A'), [[undefined, undefined, 9_999, undefined]]],
};

for (const [name, [content, expected]] of Object.entries(SHAPES)) {
  test(`flow summary, shape ${name}`, async () => {
    const found = (await read(content)).map(({ node, spu: place, sessions, limit }) => [
      node,
      place && `${place.fpc}/${place.pic}`,
      sessions,
      limit,
    ]);
    assert.deepEqual(found, expected);
  });
}

test('central point sessions are no flow sessions', async () => {
  const central =
    '<flow-session-information><dcp-flow-fpc-pic-id> on FPC0 PIC0:</dcp-flow-fpc-pic-id><displayed-session-count>5</displayed-session-count></flow-session-information>';
  assert.deepEqual(
    [
      ...sessionsByNode(
        await read(`${central}<flow-session-information>${spu(1)}${shown(3)}</flow-session-information>`),
      ).values(),
    ],
    [3],
  );
});

test('sums go over the SPUs of a node, and a missing number leaves no sum', async () => {
  const usages = await read(
    `<flow-session-information>${spu(1)}${shown(3)}</flow-session-information><flow-session-information>${spu(2)}${shown(4)}</flow-session-information>`,
  );
  assert.deepEqual([...sessionsByNode(usages)], [[undefined, 7]]);
  assert.deepEqual([...limitsByNode(usages)], []);
});

test('a reply without a number of sessions is a surprise', async () => {
  await assert.rejects(read(empty), /without a number of sessions/);
});
