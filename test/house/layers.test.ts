import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LAYERS, WORLD } from './layers.ts';

const SRC = resolve(import.meta.dirname, '../../src');

function sources(directory: string): string[] {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      if (statSync(path).isDirectory()) return sources(path);
      return /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [path] : [];
    });
}

/** Comments and texts out, so that prose may say what code may not do. */
function code(path: string): string {
  return readFileSync(path, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

function importsOf(path: string): { specifier: string; typeOnly: boolean }[] {
  const found = [];
  for (const match of code(path).matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g,
  ))
    found.push({ specifier: (match[2] ?? match[3])!, typeOnly: match[1] !== undefined });
  return found;
}

const files = sources(SRC);
const layerOf = (path: string) => relative(SRC, path).split('/')[0]!;
const name = (path: string) => relative(SRC, path);

/** What is not as it should be in one file, as lines to read. */
function strays(path: string): string[] {
  const layer = layerOf(path);
  if (!path.startsWith(SRC) || !(layer in LAYERS)) return [];
  const allowed = LAYERS[layer]!;
  const lines: string[] = [];
  for (const { specifier } of importsOf(path)) {
    if (specifier.startsWith('.')) {
      const target = resolve(dirname(path), specifier);
      // The command line knows its own version.
      if (layer === 'cli' && relative(SRC, target) === '../package.json') continue;
      const other = layerOf(target);
      if (other !== layer && !allowed.imports.includes(other)) lines.push(`${name(path)} imports ${name(target)}`);
      const inCoordinator = name(target).split('/');
      if (layer === 'broker' && other === 'coordinator' && inCoordinator[1] !== 'index.ts')
        lines.push(`${name(path)} imports ${name(target)}: of coordinator/ a broker knows index.ts alone`);
      const own = name(path).split('/');
      if (
        own[0] === 'coordinator' &&
        other === 'coordinator' &&
        own[1] !== inCoordinator[1] &&
        inCoordinator.length > 2 &&
        // What both share; it knows neither of them.
        inCoordinator[1] !== 'security'
      )
        lines.push(`${name(path)} imports ${name(target)}: kraft/ and zookeeper/ are strangers`);
    } else {
      const permitted = allowed.packages.some(
        (p) => p === '*' || p === specifier || (p === 'node:*' && specifier.startsWith('node:')),
      );
      if (!permitted) lines.push(`${name(path)} imports ${specifier}`);
    }
  }
  return lines;
}

const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\bDate\b\s*[.(]|new Date\b/, 'wall-clock time'],
  [/\bperformance\s*\./, 'wall-clock time'],
  [/\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/, 'timers of the host'],
  [/\basync\b|\bawait\b|\bPromise\b/, 'promises'],
  [/\bMath\.(?:random|exp|log\w*|pow|sin|cos|tan|cbrt|expm1)\b/, 'chance or arithmetic that differs between engines'],
  [/\blocaleCompare\b|\btoLocale|\bIntl\b/, 'order by locale'],
  [/\bcrypto\b|\brandomUUID\b/, 'chance from outside the seed'],
];

function impurities(path: string): string[] {
  if (!WORLD.includes(layerOf(path))) return [];
  return code(path)
    .split('\n')
    .flatMap((line, index) =>
      BANNED.filter(([pattern]) => pattern.test(line.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''"))).map(
        ([, what]) => `${name(path)}:${index + 1} ${what}: ${line.trim()}`,
      ),
    );
}

function cycles(): string[] {
  const graph = new Map(
    files.map((path) => [
      path,
      importsOf(path)
        .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
        .map(({ specifier }) => resolve(dirname(path), specifier)),
    ]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]) => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].map(name).join(' → '));
      return;
    }
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of files) walk(path, []);
  return found;
}

describe('the house', () => {
  test('each folder imports only what stands above it in the table', () => {
    expect(files.flatMap(strays)).toEqual([]);
  });
  test('every folder of src/ has its row in the table', () => {
    const folders = readdirSync(SRC).filter((entry) => statSync(join(SRC, entry)).isDirectory());
    expect(folders.filter((folder) => !(folder in LAYERS))).toEqual([]);
  });
  test('no file imports itself by a detour', () => {
    expect(cycles()).toEqual([]);
  });
  test('the world knows no time, chance or order but its own', () => {
    expect(files.flatMap(impurities)).toEqual([]);
  });
});
