import { spawnSync } from 'node:child_process';
import process from 'node:process';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the bundle as a user does, without a terminal. */
export function kzsim(args: readonly string[], input = ''): Ended {
  const { NO_COLOR, FORCE_COLOR, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/kzsim.js', ...args], {
    input,
    encoding: 'utf8',
    env: { ...env, COLUMNS: '100' },
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}
