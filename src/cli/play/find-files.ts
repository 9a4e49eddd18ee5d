import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';

const SCENARIO = /\.ya?ml$/;
const MOST_BYTES = 1 << 20;

/** The scenario files that are meant: files themselves, and what folders hold, in code-unit order. */
export function findFiles(named: readonly string[]): readonly string[] {
  const found = named.flatMap((path) => (isFolder(path) ? filesIn(path) : [path]));
  return [...new Set(found)];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    throw new UsageError(`${path}: there is no such file or folder`);
  }
}

function filesIn(folder: string): readonly string[] {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => SCENARIO.test(name))
    .sort()
    .map((name) => join(folder, name));
  if (found.length === 0) throw new UsageError(`${folder}: there is no scenario in it (a scenario is a .yaml file)`);
  return found;
}

/** The text of a file. What is far too large is not read at all. */
export function readText(path: string): string {
  try {
    if (statSync(path).size > MOST_BYTES)
      throw new UsageError(`${path}:1:1 the file is larger than 1 MiB - a scenario is a small text`);
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    throw new UsageError(`${path}: it cannot be read (${thrown instanceof Error ? thrown.message : String(thrown)})`);
  }
}
