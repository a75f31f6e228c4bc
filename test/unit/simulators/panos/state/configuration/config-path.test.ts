import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePath } from '../../../../../../src/simulators/panos/state/configuration/config-path.ts';

describe('a path into the configuration', () => {
  it('is made of names, entries and texts, in either quotes', () => {
    assert.deepEqual(parsePath(`/config/vsys/entry[@name="vsys1"]/source-user/member[text()='corp\\it/s']`), [
      { name: 'config' },
      { name: 'vsys' },
      { name: 'entry', entry: 'vsys1' },
      { name: 'source-user' },
      { name: 'member', text: 'corp\\it/s' },
    ]);
  });

  it('begins at the root and holds nothing else', () => {
    for (const text of [
      '',
      '/',
      'config',
      '/rules',
      '//config',
      '/config/',
      '/config/entry[1]',
      "/config/entry[@name='a' or @name='b']",
      "/config/entry[@name='a'][@name='b']",
      '/config/entry[@name=\'a"]',
    ])
      assert.equal(parsePath(text), undefined, text);
  });
});
