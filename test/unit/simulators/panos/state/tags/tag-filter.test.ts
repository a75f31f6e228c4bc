import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTagFilter } from '../../../../../../src/simulators/panos/state/tags/tag-filter.ts';

describe('the filter of a dynamic group', () => {
  const cases: readonly (readonly [filter: string, matching: readonly string[], not: readonly string[]])[] = [
    ["'quota'", ['quota', 'quota x'], ['', 'x']],
    ['quota', ['quota'], ['x']],
    ["'a' or 'b' and 'c'", ['a', 'b c'], ['b', 'c', '']],
    ["('a' or 'b') and 'c'", ['a c', 'b c'], ['a', 'b', 'c']],
    ["not 'a' and 'b'", ['b'], ['a b', '']],
    ["'two words'", [], ['two', 'words']],
  ];
  for (const [filter, matching, others] of cases) {
    it(`reads ${filter}`, () => {
      const matches = parseTagFilter(filter);
      const tags = (text: string) => new Set(text.split(' '));
      for (const text of matching) assert.ok(matches(tags(text)), text);
      for (const text of others) assert.ok(!matches(tags(text)), text);
    });
  }

  it('refuses what is none', () => {
    for (const text of ['', "'a' and", "('a'", "'a' 'b'", 'or', "'a')"])
      assert.throws(() => parseTagFilter(text), RangeError, text);
  });
});
