import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nearest, suggestion } from '../../../src/config/nearest.ts';

const KEYS = ['mode', 'threshold', 'cooldown', 'max_actions_per_hour', 'never'];

test('a name with a slip of the keyboard is recognised', () => {
  const slips = {
    mdoe: 'mode',
    treshold: 'threshold',
    colldown: 'cooldown',
    MODE: 'mode',
    max_action_per_hour: 'max_actions_per_hour',
  };
  for (const [slip, meant] of Object.entries(slips)) assert.equal(nearest(slip, KEYS), meant, slip);
});

test('a name like none is not guessed at', () => {
  for (const name of ['', 'x', 'logging', 'toolong'.repeat(50)]) assert.equal(nearest(name, KEYS), undefined, name);
});

test('a known name is its own nearest', () => {
  fc.assert(fc.property(fc.constantFrom(...KEYS), name => assert.equal(nearest(name, KEYS), name)));
});

test('one letter more, less or changed is found in any longer name', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 5, maxLength: 30 }),
      fc.nat(),
      fc.constantFrom('', 'q', 'qq'),
      (name, at, put) => {
        const place = at % name.length;
        const slip = name.slice(0, place) + put + name.slice(place + 1);
        assert.equal(nearest(slip, [name]), name);
      },
    ),
  );
});

test('where none is near, all are named in order', () => {
  assert.equal(suggestion('zzz', ['b', 'a']), 'known: a, b');
  assert.equal(suggestion('zzz', []), 'none is known');
  assert.equal(suggestion('mdoe', KEYS), 'did you mean "mode"?');
});
