import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { files, read } from '../support/repository.ts';

const sources = files('src/**/*.ts');
const code = files('{src,test,bench,grafana}/**/*.ts');
const lineCount = (path: string) => read(path).trimEnd().split('\n').length;

test('no source file is longer than 300 lines, and half of them are under 80', () => {
  const counts = sources.map(path => [path, lineCount(path)] as const).sort(([, one], [, other]) => one - other);
  assert.deepEqual(
    counts.filter(([, lines]) => lines > 300),
    [],
  );
  const median = counts[Math.floor(counts.length / 2)]?.[1] ?? 0;
  assert.ok(counts.length > 100 && median < 80, `median of ${counts.length} files is ${median} lines`);
});

test('files and folders are named in kebab-case', () => {
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  const odd = code.filter(path => !path.split('/').every(part => kebab.test(part.replace(/(\.test|\.d)?\.ts$/, ''))));
  assert.deepEqual(odd, []);
});

test('no file is named after nothing in particular', () => {
  const vague = /^(utils?|helpers?|common|misc|managers?|shared)$/;
  const found = sources.filter(path => path.split('/').some(part => vague.test(basename(part, '.ts'))));
  assert.deepEqual(found, []);
});

test('nothing is left to be done in a comment', () => {
  const marks = new RegExp(`\\b(${['TO', 'FIX', 'XX'].map((start, i) => start + ['DO', 'ME', 'X'][i]).join('|')})\\b`);
  assert.deepEqual(
    code.filter(path => marks.test(read(path))),
    [],
  );
});

test('no test is left out, and none is run alone', () => {
  const alone = /\b(test|it|describe|suite)\.(only|skip|todo)\(|\b(only|todo): true/;
  assert.deepEqual(
    files('test/**/*.test.ts').filter(path => path !== 'test/house/files.test.ts' && alone.test(read(path))),
    [],
  );
});

test('no file knows the machine that it was written on', () => {
  const places = /(?<![\w.$}/])\/(?:work|home\/[a-z]+|root|Users)\/|\.(?:internal|corp\.local)\//;
  const texts = files(
    '*',
    '{src,test,bench,grafana,prometheus,alertmanager,docs,.ci}/**/*.{ts,js,json,yml,md,svg,css}',
  );
  const found = texts
    .filter(path => !/package-lock\.json$|^test\/house\/files\.test\.ts$|^(src|test|docs|bench|grafana)$/.test(path))
    .filter(path => /\.\w+$|Dockerfile|LICENSE/.test(path) && places.test(read(path)));
  assert.deepEqual(found, []);
});

test('the lock file names no registry of its own', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved": "https?:\/\/(?!registry\.npmjs\.org\/)/);
});
