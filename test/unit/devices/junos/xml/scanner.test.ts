import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { XmlScanner } from '../../../../../src/devices/junos/xml/scanner.ts';

const NAMES = ['a', 'b', 'sa-spi', 'flow-session'];

interface Seen {
  readonly events: string[];
}

function scan(xml: string, pieceSize = 1_000): Seen {
  const events: string[] = [];
  const scanner = new XmlScanner(NAMES, {
    open: name => events.push(`<${NAMES[name] ?? ''}`),
    close: (name, at) => events.push(`${NAMES[name] ?? ''}=${at.text()}`),
  });
  const bytes = Buffer.from(xml);
  for (let at = 0; at < bytes.length; at += pieceSize) scanner.write(bytes.subarray(at, at + pieceSize));
  scanner.end();
  return { events };
}

test('values come without white space, entities resolved, whatever the prefix', () => {
  const { events } = scan('<nc:x xmlns:nc="u>v"><a>\n 12 \n</a><p:b k=\'"\'>&lt;&#65;&amp;&#x42;</p:b><a/></nc:x>\n');
  assert.deepEqual(events, ['<a', 'a=12', '<b', 'b=<A&B', '<a', 'a=']);
});

test('a number is a whole number or nothing', () => {
  const found: (number | undefined)[] = [];
  const scanner = new XmlScanner(['n'], { open: () => {}, close: (_name, at) => found.push(at.uint()) });
  scanner.write(Buffer.from('<x><n>\n42\n</n><n>N/A</n><n></n><n/><n>-1</n><n>9999999999999999</n><n>0</n></x>'));
  scanner.end();
  assert.deepEqual(found, [42, undefined, undefined, undefined, undefined, undefined, 0]);
});

test('the same is seen however the bytes are cut', () => {
  const xml =
    '<?xml version="1.0"?><!-- <a> --><x><a>1</a><!-- keep > alive --><flow-session k="&gt;"><b>é&amp;</b></flow-session></x>';
  const whole = scan(xml).events;
  for (let size = 1; size < 40; size += 1) assert.deepEqual(scan(xml, size).events, whole);
});

for (const [what, xml] of Object.entries({
  'cut off in a tag': '<x><a>1</',
  'cut off between tags': '<x><a>1</a>',
  'an end tag of another name': '<x><a>1</b></x>',
  'crossed tags': '<x><a><b></a></b></x>',
  'a second root': '<x></x><x></x>',
  'text after the root': '<x></x>y',
  'text before the root': 'y<x></x>',
  'an end tag too many': '<x></x></x>',
  'no element': ' \n',
  'a DOCTYPE': '<!DOCTYPE x><x></x>',
  CDATA: '<x><![CDATA[y]]></x>',
  'a tag in a tag': '<x <y></x>',
  'a tag without a name': '<x>< a></a></x>',
  'a stray less-than sign': '<x>1 < 2</x>',
  'nothing in the brackets': '<x><></x>',
})) {
  test(`refused: ${what}`, () => {
    assert.throws(() => scan(xml), { name: 'ReplySurprise' });
    assert.throws(() => scan(xml, 1), { name: 'ReplySurprise' });
  });
}

test('a text without an end does not fill the memory', () => {
  const scanner = new XmlScanner(NAMES, { open: () => {}, close: () => {} });
  scanner.write(Buffer.from('<a>'));
  assert.throws(() => {
    for (let written = 0; written < 10_000_000; written += 100_000) scanner.write(Buffer.alloc(100_000, 'y'));
  }, /256 KiB/);
});

test('nesting has an end', () => {
  assert.throws(() => scan('<x>'.repeat(100) + '</x>'.repeat(100)), /nested deeper/);
});

/** Documents of the given names, attributes and leaves. */
function documents(names: readonly string[], attributes: string, leaves: readonly string[]): fc.Arbitrary<string> {
  return fc.letrec<{ element: string }>(tie => ({
    element: fc
      .tuple(
        fc.constantFrom(...names),
        fc.array(fc.oneof({ maxDepth: 4 }, fc.constantFrom(...leaves), tie('element')), { maxLength: 4 }),
      )
      .map(([name, content]) => `<${name}${attributes}>${content.join('')}</${name}>`),
  })).element;
}

function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

function saxes(xml: string): void {
  const parser = new SaxesParser();
  parser.on('error', error => {
    throw error;
  });
  parser.write(xml).close();
}

test('every well-formed document is taken, however it is cut into pieces', () => {
  const any = documents(['a', 'b', 'p:sa-spi', 'y-z'], ' k="v>"', [
    '7',
    ' \n',
    'é',
    '&lt;',
    '<!-- c -->',
    'N/A',
    '<a/>',
  ]);
  fc.assert(
    fc.property(any, fc.integer({ min: 1, max: 50 }), (xml, size) => {
      assert.deepEqual(scan(xml, size), scan(xml));
    }),
  );
});

test('a document with characters missing is taken only where a strict SAX parser takes it', () => {
  const plain = documents(['a', 'b', 'xy'], '', ['7', ' \n', 'é', 'N']);
  fc.assert(
    fc.property(
      plain,
      fc.nat(200),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 50 }),
      (xml, at, cut, size) => {
        const broken = xml.slice(0, at) + xml.slice(at + cut);
        assert.equal(
          accepts(() => scan(broken, size)),
          accepts(() => {
            saxes(broken);
          }),
          broken,
        );
      },
    ),
    { numRuns: 3_000 },
  );
});
