import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { files, read, root } from '../support/repository.ts';

const pages = files('*.md', '{docs,src,prometheus,alertmanager,grafana,bench}/**/*.md');

interface Link {
  readonly page: string;
  readonly target: string;
}

/** Links and pictures of a page, outside of code. */
function linksOf(page: string): readonly Link[] {
  const prose = read(page)
    .replace(/```[^]*?```/g, '')
    .replace(/^(?: {4}|\t).*$/gm, '')
    .replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)(?:\s"[^"]*")?\)|\bsrc="([^"]+)"/g)].map(match => ({
    page,
    target: match[1] ?? match[2] ?? '',
  }));
}

/** The anchors that the usual renderers give to headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...read(page).matchAll(/^#{1,6} (.+)$/gm)].map(match => match[1] ?? '');
  return new Set(
    headings.map(text =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  );
}

const local = pages.flatMap(linksOf).filter(({ target }) => !/^[a-z]+:/.test(target));

test('links lead to files that exist', () => {
  assert.ok(local.length > 10);
  for (const { page, target } of local) {
    const path = target.split('#')[0] ?? '';
    const file = path === '' ? page : normalize(join(dirname(page), path));
    assert.ok(existsSync(join(root, file)), `${page} links to ${target}`);
  }
});

test('links into a page lead to a heading of it', () => {
  for (const { page, target } of local.filter(link => link.target.includes('#'))) {
    const [path = '', anchor = ''] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), path));
    assert.ok(anchorsOf(file).has(anchor), `${page} links to ${target}`);
  }
});

test('files that pages name in code exist', () => {
  const named = pages.flatMap(page =>
    [...read(page).matchAll(/`((?:src|docs|test|bench|grafana|prometheus|alertmanager|docker)\/[\w./-]+\.\w+)`/g)].map(
      match => ({ page, file: match[1] ?? '' }),
    ),
  );
  for (const { page, file } of named) assert.ok(existsSync(join(root, file)), `${page} names ${file}`);
});

test('every page begins with its title', () => {
  for (const page of pages) assert.match(read(page), /^(# .+|<.+>)\n/, page);
});

test('every page of docs can be reached from README.md', () => {
  const reached = new Set<string>(['README.md']);
  for (const page of reached) {
    for (const { target } of linksOf(page).filter(link => !/^[a-z]+:/.test(link.target))) {
      const file = normalize(join(dirname(page), target.split('#')[0] ?? ''));
      const found = files(file.endsWith('/') || !file.includes('.') ? `${file.replace(/\/$/, '')}/*.md` : file);
      for (const next of found) if (next.endsWith('.md')) reached.add(next);
    }
  }
  const lost = files('docs/**/*.md').filter(page => !reached.has(page));
  assert.deepEqual(lost, []);
});

test('the files that visitors look for are there', () => {
  for (const file of ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE', '.editorconfig']) {
    assert.ok(existsSync(join(root, file)), file);
  }
});

test('CHANGELOG.md has what is not released yet, and every entry tells its kind', () => {
  const text = read('CHANGELOG.md');
  assert.match(text, /^## Unreleased$/m);
  const entries = text.split('\n').filter(line => line.startsWith('- '));
  assert.ok(entries.length > 0);
  for (const entry of entries) assert.match(entry, /^- \[(CHANGE|FEATURE|ENHANCEMENT|BUGFIX|SECURITY)\] [A-Z`].*\.$/);
});

test('README.md tells the commands that the continuous integration runs', () => {
  const commands = read('.ci/run')
    .split('\n')
    .filter(line => line.startsWith('npm '));
  assert.ok(commands.length > 0);
  for (const command of commands) assert.ok(read('README.md').includes(command), command);
});
