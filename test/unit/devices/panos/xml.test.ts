import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Bug } from '../../../../src/core/errors.ts';
import { command, element, path } from '../../../../src/devices/panos/xml/command.ts';
import { childText, type XmlElement } from '../../../../src/devices/panos/xml/element.ts';
import { parseXml } from '../../../../src/devices/panos/xml/parse.ts';

describe('the XML parser', () => {
  for (const [what, text] of Object.entries({
    'a cut-off document': '<response status="success"><result><a>1</a>',
    'crossed elements': '<a><b></a></b>',
    'two roots': '<a/><b/>',
    'text after the root': '<a/>more',
    'plain text': 'Service Unavailable',
    nothing: '',
    'a document type': '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    'a document type in small letters': '<!doctype html><html></html>',
    'very deep nesting': '<b>'.repeat(5_000) + '</b>'.repeat(5_000),
    'a name of JavaScript': '<__proto__/>',
  })) {
    test(`refuses ${what}`, () => {
      assert.throws(() => parseXml(text));
    });
  }

  test('keeps text as it is written: no numbers, no lost digits, entities resolved once', () => {
    const root = parseXml(
      '<a><v>10.10</v><w>007</w><x>7607872259432940794</x><y>&#65;&amp;lt;&apos;</y><z> b </z></a>',
    );
    assert.deepEqual(
      root.children.map(child => child.text),
      ['10.10', '007', '7607872259432940794', "A&lt;'", ' b '],
    );
  });

  test('keeps CDATA, dots in names and single quotes round attributes', () => {
    const root = parseXml(
      "<?xml version='1.0'?><r s = 'x'><sw.comm.s1.dp0.q><![CDATA[ <b> & ]]></sw.comm.s1.dp0.q></r>",
    );
    assert.equal(root.attributes['s'], 'x');
    assert.equal(root.children[0]?.name, 'sw.comm.s1.dp0.q');
    assert.equal(root.children[0]?.text, ' <b> & ');
  });

  test('of two children with one name neither is believed', () => {
    assert.equal(childText(parseXml('<a><b>1</b><b>2</b></a>'), 'b'), undefined);
  });

  test('whatever bytes come, it gives an element or throws an Error', () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<b x="1">',
      '</b>',
      '<c/>',
      '&amp;',
      '&',
      '<',
      ']]>',
      '<![CDATA[',
      'x',
      '\0',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 12 }).map(parts => parts.join('')),
    );
    fc.assert(
      fc.property(text, input => {
        try {
          assert.equal(typeof parseXml(input).name, 'string');
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('what is cut off anywhere is refused', () => {
    const whole = '<response status="success"><result><a b="c">1</a><d><![CDATA[x]]></d></result></response>';
    for (let length = 0; length < whole.length; length += 1) assert.throws(() => parseXml(whole.slice(0, length)));
  });
});

describe('a command', () => {
  test('is written as elements and told in words', () => {
    const asked = command(element('show', element('session', element('id', '12'))));
    assert.deepEqual(asked, { xml: '<show><session><id>12</id></session></show>', words: 'show session id 12' });
    assert.equal(command(path('show', 'system', 'info')).form['cmd'], '<show><system><info></info></system></show>');
  });

  test('any text in it stays text, and comes out as it went in', () => {
    const text = fc.string({ unit: 'grapheme' }).filter(value => !/\p{Cc}/u.test(value));
    fc.assert(
      fc.property(text, value => {
        const root: XmlElement = parseXml(command(element('a', element('b', value))).form['cmd'] ?? '');
        assert.equal(root.children.length, 1);
        assert.deepEqual(root.children[0]?.children, []);
        assert.equal(root.children[0]?.text, value);
      }),
    );
  });

  test('control characters and words that are no command words are refused', () => {
    assert.throws(() => command(element('a', 'x\u0000')), Bug);
    assert.throws(() => element('a><b'), Bug);
    assert.throws(() => element('A'), Bug);
  });
});
