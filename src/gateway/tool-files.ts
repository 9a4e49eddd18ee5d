/**
 * The files that Kafka's tools take. A world has none: the host reads them before a line enters it, and writes what is in them into the
 * line, so that a journal and a saved scenario hold it, too.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { toolCalled, toolNamed } from '../tools/kafka/index.ts';
import type { FileKind, Tool } from '../tools/kafka/tool.ts';
import type { Reply } from '../tools/session.ts';

/** Ends a line whose file cannot be read; its message says which, and why. */
export class ToolFileError extends Error {}

/** The same from this process's folder; a reply in place of the line, where a file cannot be read. */
export function lineWithFiles(line: string): { readonly line: string } | { readonly refused: Reply } {
  try {
    return { line: withFiles(line, process.cwd()) };
  } catch (thrown) {
    if (!(thrown instanceof ToolFileError)) throw thrown;
    return { refused: { ok: false, lines: [thrown.message] } };
  }
}

/** More than this is no plan of anything. */
const MOST_BYTES = 1_000_000;

/** The line with the contents of its files, which are looked for in `folder`. Throws `ToolFileError`. */
export function withFiles(line: string, folder: string): string {
  const tool = toolIn(line);
  if (tool === undefined || line.includes('\n')) return line;
  return withFed(tool, withOptions(tool, line, folder), folder);
}

function toolIn(line: string): Tool | undefined {
  const name = toolCalled(line.trim().split(/\s/, 1)[0] ?? '');
  return name === undefined ? undefined : toolNamed(name);
}

function withOptions(tool: Tool, line: string, folder: string): string {
  let text = line;
  for (const { name, file } of tool.options) {
    if (file === undefined) continue;
    const option = new RegExp(`(\\s--${name.replaceAll('.', '\\.')}(?:=|\\s+))('[^']*'|"[^"]*"|\\S+)`, 'g');
    text = text.replace(option, (_, before: string, written: string) => {
      const value = written.replace(/^(['"])(.*)\1$/s, '$2');
      return isContent(file, value) ? before + written : before + quoted(contentOf(file, value, folder));
    });
  }
  return text;
}

/** `kafka-console-producer --topic orders < lines.txt`, as if the lines stood behind `<<`. */
function withFed(tool: Tool, line: string, folder: string): string {
  const [, before, path] = /^(.*\S)\s*(?<![<'"])<\s*([^\s<'"]+)\s*$/.exec(line) ?? [];
  if (before === undefined || path === undefined || tool.feeds !== true) return line;
  const word = 'END-OF-FILE';
  const text = read(path, folder).replace(/\r?\n$/, '');
  return `${before} <<'${word}'\n${text.replaceAll('\r\n', '\n')}\n${word}`;
}

/** Whether what stands behind an option is the content itself. */
function isContent(kind: FileKind, value: string): boolean {
  switch (kind) {
    case 'json':
      return value.trim().startsWith('{');
    case 'properties':
      return value.includes('=');
    case 'lines':
      return value.includes(',');
  }
}

function contentOf(kind: FileKind, path: string, folder: string): string {
  const text = read(path, folder);
  if (kind !== 'json')
    return text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
      .join(';');
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (thrown) {
    throw new ToolFileError(
      `${path} is no JSON: ${thrown instanceof Error ? thrown.message.replaceAll(/\s+/g, ' ') : String(thrown)}`,
    );
  }
}

function read(path: string, folder: string): string {
  const whole = resolve(folder, path);
  try {
    const bytes = readFileSync(whole);
    if (bytes.length > MOST_BYTES)
      throw new ToolFileError(`${path} has ${bytes.length} bytes; at most ${MOST_BYTES} are read`);
    return bytes.toString('utf8');
  } catch (thrown) {
    if (thrown instanceof ToolFileError) throw thrown;
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : '';
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(thrown);
    throw new ToolFileError(`${path} cannot be read (${why}); it is looked for as ${whole}`);
  }
}

/** As one word of a line. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
