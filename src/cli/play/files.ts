/** Files, folders and globs of the command line, as the scenario files that they mean. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { UsageError } from '../errors.ts';

export interface ScenarioText {
  readonly file: string;
  readonly text: string;
}

const YAML = /\.ya?ml$/;
/** A byte that no text has. */
const NUL = 0;
const MOST_BYTES = 1 << 20;

/** Reads all of them, or says everything that is wrong with the names. */
export function readFiles(names: readonly string[]): readonly ScenarioText[] {
  const problems: string[] = [];
  const files: string[] = [];
  for (const name of names) {
    const found = expand(name);
    if (typeof found === 'string') problems.push(found);
    else files.push(...found);
  }
  const texts: ScenarioText[] = [];
  for (const file of new Set(files)) {
    try {
      texts.push({ file, text: readText(file) });
    } catch (thrown) {
      if (thrown instanceof UsageError) problems.push(thrown.message);
      else problems.push(`${file}: it cannot be read (${(thrown as NodeJS.ErrnoException).code})`);
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join('\nerror: '));
  return texts;
}

function readText(file: string): string {
  const bytes = readFileSync(file);
  if (bytes.length > MOST_BYTES)
    throw new UsageError(`${file}: a scenario has at most 1 MiB; this file has ${bytes.length} bytes`);
  if (bytes.includes(NUL)) throw new UsageError(`${file}: this is no text, and so no scenario`);
  return bytes.toString('utf8');
}

function expand(name: string): readonly string[] | string {
  let stat: ReturnType<typeof statSync>;
  try {
    stat = statSync(name);
  } catch {
    const matches = glob(name);
    if (matches.length > 0) return matches;
    return `${name}: there is no such file; \`kzsim scenarios\` lists those that come with kzsim`;
  }
  if (!stat.isDirectory()) return [name];
  const files = below(name).filter((file) => YAML.test(file));
  return files.length > 0 ? files : `${name}: no scenarios (*.yaml) in this folder`;
}

function below(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? below(path) : [path];
    });
}

/** `*`, `?` within a name and `**` across folders; for shells that hand globs on. */
function glob(pattern: string): readonly string[] {
  if (!/[*?]/.test(pattern)) return [];
  const fixed = pattern.split('/');
  const wild = fixed.findIndex((part) => /[*?]/.test(part));
  const root = fixed.slice(0, wild).join('/') || (pattern.startsWith('/') ? '/' : '.');
  const source = pattern
    .replace(/[.+^$(){}|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*|\?/g, (star) => (star === '**/' ? '(?:.*/)?' : star === '*' ? '[^/]*' : '[^/]'));
  const matches = new RegExp(`^${source}$`);
  try {
    return below(root).filter((file) => matches.test(file.split(sep).join('/')));
  } catch {
    return [];
  }
}
