/** The lines of earlier sessions. Where they cannot be kept, the session goes on without. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

const MOST_KEPT = 1000;

/** `KZSIM_HISTORY`, or the place that the XDG rules give. */
function historyFile(): string {
  const { KZSIM_HISTORY, XDG_STATE_HOME } = process.env;
  return KZSIM_HISTORY ?? join(XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'kzsim', 'history');
}

export function readHistory(): readonly string[] {
  try {
    return readFileSync(historyFile(), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .slice(-MOST_KEPT);
  } catch {
    return [];
  }
}

export function writeHistory(lines: readonly string[]): void {
  if (lines.length === 0) return;
  try {
    mkdirSync(dirname(historyFile()), { recursive: true });
    writeFileSync(historyFile(), `${lines.slice(-MOST_KEPT).join('\n')}\n`);
  } catch {
    // A read-only home is no reason to trouble anybody.
  }
}
