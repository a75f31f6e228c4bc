import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChunkedFraming, EndOfMessageFraming, type Framing } from '../../../../src/transport/netconf/framing.ts';
import { readHello } from '../../../../src/transport/netconf/hello.ts';

/** The messages of a stream, fed in pieces of a size. */
function messages(framing: Framing, stream: string, size: number): string[] {
  const found: string[] = [];
  let message = '';
  const bytes = Buffer.from(stream, 'latin1');
  for (let at = 0; at < bytes.length; at += size) {
    for (const frame of framing.push(bytes.subarray(at, at + size))) {
      if (frame === 'end') {
        found.push(message);
        message = '';
      } else {
        message += frame.toString('latin1');
      }
    }
  }
  assert.equal(message, '', 'nothing is left over');
  return found;
}

const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 });

test('base:1.0: messages are found however the bytes are cut', () => {
  const text = ascii.filter(value => !value.includes(']]>]]>') && !value.endsWith(']'));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 30 }), (texts, size) => {
      assert.deepEqual(messages(new EndOfMessageFraming(), texts.map(value => `${value}]]>]]>`).join(''), size), texts);
    }),
  );
});

test('base:1.1: chunks make messages however they and the bytes are cut, whatever they hold', () => {
  const chunks = fc.array(fc.oneof(ascii, fc.constant('\n##\n'), fc.constant(']]>]]>')), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(chunks, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 30 }), (all, size) => {
      const stream = all
        .map(pieces => `${pieces.map(piece => `\n#${piece.length}\n${piece}`).join('')}\n##\n`)
        .join('');
      assert.deepEqual(
        messages(new ChunkedFraming(), stream, size),
        all.map(pieces => pieces.join('')),
      );
    }),
  );
});

test('what breaks the framing of base:1.1 is not guessed at', () => {
  for (const stream of [
    '<rpc-reply/>',
    '\n#0\nx',
    '\n#-1\n',
    '\n#99999999999\n',
    '\n#1x\ny',
    ' \n#1\ny',
    '\n#\n',
    '\n###\n',
  ]) {
    assert.throws(() => messages(new ChunkedFraming(), stream, 1), { name: 'FramingError' }, JSON.stringify(stream));
  }
});

test('a message is wrapped so that the same framing takes it apart', () => {
  for (const framing of [new EndOfMessageFraming(), new ChunkedFraming()]) {
    const [first] = messages(
      framing,
      framing.wrap('<rpc/>').replace(/\n$/, framing instanceof ChunkedFraming ? '\n' : ''),
      3,
    );
    assert.equal(first?.trim(), '<rpc/>');
  }
});

test('a hello is read after comments, with any prefix, and says which framing follows', () => {
  const hello = (version: string, prefix = 'nc:') =>
    `<!-- No zombies were killed --><${prefix}hello xmlns:nc="x"><${prefix}capabilities><${prefix}capability>\n urn:ietf:params:netconf:base:${version} </${prefix}capability></${prefix}capabilities></${prefix}hello>`;
  assert.equal(readHello(hello('1.0'))?.chunked, false);
  assert.equal(readHello(hello('1.1', ''))?.chunked, true);
  for (const text of [
    '',
    'Connection refused',
    '<hello>',
    '<hello></hello>',
    hello('1.0').replace('netconf:base', 'netconf:other'),
  ]) {
    assert.equal(readHello(text), undefined, text);
  }
});
