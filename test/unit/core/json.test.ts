import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../../src/core/json.ts';

test('keys are sorted at every depth and white space is left out', () => {
  assert.equal(canonicalJson({ b: [{ d: 1, c: null }], a: 'x y' }), '{"a":"x y","b":[{"c":null,"d":1}]}');
});

test('equal values give equal text, in whatever order their keys were set', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), object => {
      const turned = Object.fromEntries(Object.entries(object).reverse());
      assert.equal(canonicalJson(turned as Json), canonicalJson(object as Json));
    }),
  );
});

test('the text is JSON of the same value, and its own canonical form', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), value => {
      const text = canonicalJson(value);
      const again = JSON.parse(text) as Json;
      assert.deepEqual(again, JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(again), text);
    }),
  );
});

test('different values give different text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      if (!same && canonicalJson(a) === canonicalJson(b)) assert.deepEqual(a, b);
    }),
  );
});

test('what JSON cannot hold becomes what JSON makes of it', () => {
  const odd = { gone: undefined, items: [undefined, Number.NaN, Infinity, -0] };
  assert.equal(canonicalJson(odd), '{"items":[null,null,null,0]}');
  assert.equal(canonicalJson(odd), JSON.stringify(odd));
});

test('a key named __proto__ is a key like any other', () => {
  assert.equal(canonicalJson(JSON.parse('{"__proto__":{"x":1}}') as Json), '{"__proto__":{"x":1}}');
});
