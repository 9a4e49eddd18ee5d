import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LAYERS } from '../house/layers.ts';

const text = readFileSync('ARCHITECTURE.md', 'utf8');
const named = [...text.matchAll(/`((?:src|test)\/[\w./-]+)`/g)].map((match) => match[1]!);

test('every path that ARCHITECTURE.md names exists', () => {
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test('the life of a produce request goes down the house and back, a file at a time', () => {
  const walk = text.slice(text.indexOf('## The life'), text.indexOf('## Decisions'));
  const folders = [...walk.matchAll(/`src\/(\w+)\/[\w./-]+`/g)].map((match) => match[1]!);
  const floors = folders.filter((folder, index) => folder !== folders[index - 1]);
  expect(floors.slice(0, 2)).toEqual(['client', 'rpc']);
  expect(floors.at(-1)).toBe('client');
  expect(new Set(folders)).toEqual(new Set(['client', 'rpc', 'kernel', 'protocol', 'broker', 'storage']));
});

test('the table names every folder of the house', () => {
  const table = text.slice(text.indexOf('| folder |'), text.indexOf('## The life'));
  const rows = [...table.matchAll(/^\| ([\w, ]+) \|/gm)]
    .flatMap((match) => match[1]!.split(', '))
    .filter((row) => row !== 'folder');
  expect(rows.sort()).toEqual(Object.keys(LAYERS).sort());
});
