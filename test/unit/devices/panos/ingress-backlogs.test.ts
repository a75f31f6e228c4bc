import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Backlog, readIngressBacklogs } from '../../../../src/devices/panos/replies/ingress-backlogs.ts';
import { replyOf } from '../../../support/panos-driver.ts';

function read(inside: string): Backlog {
  return readIngressBacklogs(replyOf(`<response status="success"><result>${inside}</result></response>`));
}

function ambiguous(inside: string): string {
  const found = read(inside);
  assert.equal(found.kind, 'ambiguous', JSON.stringify(found));
  return found.kind === 'ambiguous' ? found.why : '';
}

const NOTHING = { share: undefined, dataplane: undefined, zone: undefined, application: undefined };

describe('ingress-backlogs can be read', () => {
  test('when nothing is listed', () => {
    assert.deepEqual(read(''), { kind: 'sessions', sessions: [] });
    assert.deepEqual(read('<entry><SLOT>s1</SLOT><DP>dp0</DP><ATOMIC>3</ATOMIC></entry>'), {
      kind: 'sessions',
      sessions: [],
    });
  });

  test('when each session has an element of its own, dataplanes round them', () => {
    const session = (id: number, pct: string) =>
      `<entry><SESS-ID>${id}</SESS-ID><PCT>${pct}</PCT><c2s><source-zone>z${id}</source-zone></c2s>` +
      `<s2c><source-zone>other</source-zone></s2c><application>a${id}</application></entry>`;
    const found = read(
      `<entry><SLOT>s1</SLOT><DP>dp0</DP>${session(6, '92%')}${session(7, '3')}</entry>` +
        `<entry><SLOT>1</SLOT><DP>1</DP>${session(8, ' 40.5 % ')}</entry>`,
    );
    assert.deepEqual(found, {
      kind: 'sessions',
      sessions: [
        { id: '6', share: 92, dataplane: 's1dp0', zone: 'z6', application: 'a6' },
        { id: '7', share: 3, dataplane: 's1dp0', zone: 'z7', application: 'a7' },
        { id: '8', share: 40.5, dataplane: 's1dp1', zone: 'z8', application: 'a8' },
      ],
    });
  });

  test('when the dataplane is the name of an element', () => {
    const found = read('<s1dp1><x><SESS-ID>6</SESS-ID></x><x><SESS-ID>7</SESS-ID></x></s1dp1>');
    assert.deepEqual(found, {
      kind: 'sessions',
      sessions: [
        { ...NOTHING, id: '6', dataplane: 's1dp1' },
        { ...NOTHING, id: '7', dataplane: 's1dp1' },
      ],
    });
  });

  test('when shares and details stand apart, both with the id', () => {
    const found = read(
      '<top><e><SESS-ID>6</SESS-ID><PCT>9</PCT></e><e><SESS-ID>7</SESS-ID><PCT>4</PCT></e></top>' +
        '<details><e><SESS-ID>7</SESS-ID><APP>dns</APP></e><e><SESS-ID>6</SESS-ID><SZONE>trust</SZONE></e></details>',
    );
    assert.deepEqual(found, {
      kind: 'sessions',
      sessions: [
        { ...NOTHING, id: '6', share: 9, zone: 'trust' },
        { ...NOTHING, id: '7', share: 4, application: 'dns' },
      ],
    });
  });
});

describe('ingress-backlogs is ambiguous', () => {
  test('when sessions stand in one element, one after the other', () => {
    const flat = '<SESS-ID>6</SESS-ID><PCT>9</PCT><SESS-ID>7</SESS-ID><PCT>4</PCT>';
    assert.match(ambiguous(`<entry>${flat}</entry>`), /several SESS-ID stand in one element/);
    assert.match(ambiguous(flat), /several SESS-ID/);
  });

  test('when a lone id stands beside everything else', () => {
    assert.match(ambiguous('<SESS-ID>6</SESS-ID><PCT>9</PCT>'), /several SESS-ID/);
  });

  test('when one session has two shares', () => {
    assert.match(ambiguous('<e><SESS-ID>6</SESS-ID><PCT>9</PCT><PCT>4</PCT></e>'), /several <pct> belong/);
  });

  test('when an id is none', () => {
    for (const id of ['', '0', '-1', '6.5', 'six', '01', '99999999999', '6 7']) {
      assert.match(ambiguous(`<e><SESS-ID>${id}</SESS-ID></e>`), /is no session id/, id);
    }
  });

  test('when a share is no percentage', () => {
    for (const pct of ['x', '101', '-3', '5,6', '9 of 10']) {
      assert.match(ambiguous(`<e><SESS-ID>6</SESS-ID><PCT>${pct}</PCT></e>`), /is no percentage/, pct);
    }
  });

  test('when the same session is listed twice and differently', () => {
    const twice = '<e><SESS-ID>6</SESS-ID><PCT>9</PCT></e><e><SESS-ID>6</SESS-ID><PCT>4</PCT></e>';
    assert.match(ambiguous(twice), /session 6 is listed twice, differently/);
  });

  test('when it is the text table of the command line', () => {
    assert.match(ambiguous('<member><![CDATA[TOP SESSIONS:SESS-ID PCT\n6 92% 1 156]]></member>'), /text table/);
  });

  test('when ids stand under a name that nobody knows', () => {
    assert.match(ambiguous('<entry><session-id>6</session-id></entry>'), /ids stand in <session-id>/);
  });

  test('when it names more sessions than any device lists', () => {
    assert.match(ambiguous('<e><SESS-ID>6</SESS-ID></e>'.repeat(300)), /names 300 sessions/);
  });
});

describe('whatever the nesting', () => {
  const wrapper = fc.constantFrom('entry', 'session', 'list', 'x.y');
  const session = fc.record({
    share: fc.integer({ min: 2, max: 100 }),
    zone: fc.constantFrom('trust', 'untrust', 'dmz'),
    application: fc.constantFrom('dns', 'web-browsing', 'undecided'),
    wrap: fc.array(wrapper, { minLength: 1, maxLength: 3 }),
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 }),
  });

  test('sessions with an element of their own are read whole, in any order of fields', () => {
    fc.assert(
      fc.property(
        fc.array(session, { minLength: 1, maxLength: 8 }),
        fc.array(wrapper, { minLength: 1, maxLength: 3 }),
        (sessions, around) => {
          const markup = sessions.map(({ share, zone, application, wrap, order }, index) => {
            const fields = [
              `<SESS-ID>${index + 1}</SESS-ID>`,
              `<PCT>${share}%</PCT>`,
              `<c2s><source-zone>${zone}</source-zone></c2s>`,
              `<application>${application}</application>`,
            ];
            return wrapped(order.map(at => fields[at]).join(''), wrap);
          });
          assert.deepEqual(read(wrapped(markup.join(''), around)), {
            kind: 'sessions',
            sessions: sessions.map(({ share, zone, application }, index) => ({
              id: String(index + 1),
              share,
              dataplane: undefined,
              zone,
              application,
            })),
          });
        },
      ),
    );
  });

  test('one field is never given to the wrong session: what is read was written for that id', () => {
    // Any tree of ids and shares; a share that stands directly beside an id is that id's.
    interface Node {
      readonly id: number | null;
      readonly share: number | null;
      readonly inside: readonly Node[];
    }
    const own = { id: fc.option(fc.integer({ min: 1, max: 9 })), share: fc.option(fc.integer({ min: 1, max: 9 })) };
    const { tree } = fc.letrec<{ tree: Node; leaf: Node; branch: Node }>(tie => ({
      leaf: fc.record({ ...own, inside: fc.constant([]) }),
      branch: fc.record({ ...own, inside: fc.array(tie('tree'), { maxLength: 3 }) }),
      tree: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('branch')),
    }));
    const markup = (node: Node): string => {
      const id = node.id === null ? '' : `<SESS-ID>${node.id}</SESS-ID>`;
      const share = node.share === null ? '' : `<PCT>${node.share}</PCT>`;
      return `<e>${id}${share}${node.inside.map(markup).join('')}</e>`;
    };
    const nearest = (node: Node, id: number): readonly (number | null)[] => [
      ...(node.id === id ? [node.share] : []),
      ...node.inside.flatMap(inner => nearest(inner, id)),
    ];
    fc.assert(
      fc.property(tree, root => {
        const found = read(markup(root));
        if (found.kind === 'ambiguous') return;
        for (const { id, share } of found.sessions) {
          const said = nearest(root, Number(id)).filter(value => value !== null);
          if (said.length > 0)
            assert.ok(
              said.some(value => value === share),
              `${id}: ${share} in ${markup(root)}`,
            );
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

function wrapped(inside: string, wrappers: readonly string[]): string {
  return wrappers.reduce((text, name) => `<${name}>${text}</${name}>`, inside);
}
