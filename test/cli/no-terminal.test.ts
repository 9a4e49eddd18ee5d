/** Outputs that are closed, full, or read by nobody: no crash, nothing left behind, and the exit code that the command earned. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kzsim-no-terminal-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a shell says of it, and what was written to standard error. */
function shell(script: string): Promise<{ readonly out: string; readonly err: string }> {
  const { CI, NO_COLOR, FORCE_COLOR, ...env } = process.env;
  const kzsim = 'kzsim() { "$NODE" bin/kzsim.js "$@"; }';
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-c', `${kzsim}; ${script}`],
      { env: { ...env, KZSIM_RUNTIME_DIR: folder, CI: '1', NODE: process.execPath } },
      (_error, out, err) => resolve({ out, err }),
    );
  });
}

test.skipIf(process.platform === 'win32').concurrent.each([
  {
    what: 'a script goes on to its verdict behind a full pipe',
    script: `printf 'status\\nevents\\nkilll\\n' | kzsim repl --json --topic orders:1 | head -1 | cut -c1-26; echo "\${PIPESTATUS[1]}"`,
    out: /^{"line":1,"text":"status",\n1\n$/,
    err: /^$/,
  },
  {
    what: 'a cluster is not troubled when nobody reads any more what happens',
    script: `kzsim up --no-listen --for 500ms <&- | head -1; echo "\${PIPESTATUS[0]}"`,
    out: /^ *-1\.\d{3}s .*\n0\n$/,
    err: /^ready after [^\n]*\n$/,
  },
  {
    what: 'closed outputs are no reason to fail',
    script: 'kzsim up --no-listen --for 100ms >&- 2>&- <&-; echo $?',
    out: /^0\n$/,
    err: /^$/,
  },
  {
    what: 'a terminal that hangs up interrupts',
    script:
      'out=$KZSIM_RUNTIME_DIR/out; (exec "$NODE" bin/kzsim.js play scenarios/leader-crash.yaml --mode kraft --speed 0.1x > $out) & ' +
      'until [ -s $out ]; do sleep 0.05; done; kill -HUP $!; wait $!; echo $?; rm $out',
    out: /^130\n$/,
    err: /^$/,
  },
])('$what', async ({ script, out, err }) => {
  const ended = await shell(script);
  expect(ended.out).toMatch(out);
  expect(ended.err).toMatch(err);
});

test.skipIf(process.platform !== 'linux')('a disk that is full is told, and ends with 3', async () => {
  const { out, err } = await shell('kzsim scenarios > /dev/full; echo $?');
  expect({ out, err }).toEqual({ out: '3\n', err: 'error: standard output cannot be written (ENOSPC)\n' });
  // Nobody left a socket behind.
  expect(readdirSync(folder)).toEqual([]);
});
