import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { commandText, parseCommand } from '../../../../src/simulators/panos/command-element.ts';
import { cdata, element, elementWith, fields } from '../../../../src/simulators/panos/xml.ts';

/** Text that XML 1.0 can hold and that a parser gives back unchanged. */
const text = fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map(value => value.trim());

describe('the XML writer of the simulators', () => {
  it('gives back any text and any attribute through a parser', () => {
    fc.assert(
      fc.property(text, text, (content, attribute) => {
        const written = elementWith('entry', { name: attribute }, element('member', content)).toString();
        const read = parseCommand(written);
        assert.equal(read?.attributes['name'], attribute);
        assert.equal(read?.children[0]?.text, content);
      }),
    );
  });

  it('gives back any text through CDATA, an end mark inside it too', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(']', ']]>', '<a>', '&amp;', 'x'), { maxLength: 8 }), pieces => {
        const content = pieces.join('');
        assert.equal(parseCommand(element('line', cdata(content)).toString())?.text, content);
      }),
    );
  });

  it('leaves out what is undefined, and keeps the order', () => {
    const written = element('x', ...fields({ b: 1, a: undefined, c: [element('d')] })).toString();
    assert.equal(written, '<x><b>1</b><c><d></d></c></x>');
  });

  it('takes names with dots and refuses what is no name', () => {
    assert.equal(element('sw.comm.s1.dp0.x').toString(), '<sw.comm.s1.dp0.x></sw.comm.s1.dp0.x>');
    for (const name of ['', 'a b', '1a', 'a>b', 'a/']) assert.throws(() => element(name), /not an XML name/, name);
  });
});

describe('the command reader of the simulators', () => {
  it('reads any text without failing, and a tree only from one well-formed element', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), garbage => void parseCommand(garbage)));
    for (const broken of ['', 'x', '<a>', '<a/><b/>', '<a></b>', '<!DOCTYPE a><a/>', '<a>&x;</a>']) {
      assert.equal(parseCommand(broken), undefined, broken);
    }
  });

  it('tells a command as typed on the CLI', () => {
    const command = parseCommand(
      '<show><object><registered-ip><tag><entry name="quota"/></tag></registered-ip></object></show>',
    );
    assert.ok(command);
    assert.equal(commandText(command), 'show object registered-ip tag entry quota');
  });
});
