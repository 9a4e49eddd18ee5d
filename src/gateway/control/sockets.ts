/** Where running clusters can be spoken to: one socket each, in a folder that only its user can enter. */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const SUFFIX = '.sock';

/** `KZSIM_RUNTIME_DIR`, the user's runtime folder, or one of their own among the temporary files. */
export function runtimeFolder(): string {
  const { KZSIM_RUNTIME_DIR, XDG_RUNTIME_DIR } = process.env;
  if (KZSIM_RUNTIME_DIR !== undefined && KZSIM_RUNTIME_DIR !== '') return KZSIM_RUNTIME_DIR;
  if (XDG_RUNTIME_DIR !== undefined && XDG_RUNTIME_DIR !== '') return join(XDG_RUNTIME_DIR, 'kzsim');
  return join(tmpdir(), `kzsim-${userInfo().username}`);
}

/** Makes the folder, for its user alone. Throws where it belongs to somebody else. */
export function makeRuntimeFolder(): string {
  const folder = runtimeFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  const own = process.getuid?.() ?? uid;
  if (uid !== own || (mode & 0o022) !== 0)
    throw new Error(`others can write to ${folder}; set KZSIM_RUNTIME_DIR to a folder of your own`);
  return folder;
}

export function socketPath(name: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\kzsim-${name}` : join(runtimeFolder(), `${name}${SUFFIX}`);
}

/** Names that have a socket, whether or not somebody still answers there. */
function namesWithSocket(): readonly string[] {
  try {
    return readdirSync(runtimeFolder())
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length))
      .sort();
  } catch {
    return [];
  }
}

/** An open connection to a cluster's socket; undefined where nobody answers. */
export function connectTo(name: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath(name));
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

/** Names of the clusters that answer. Sockets that a killed process left behind are cleared away. */
export async function runningNames(): Promise<readonly string[]> {
  const running: string[] = [];
  for (const name of namesWithSocket()) {
    const socket = await connectTo(name);
    socket?.destroy();
    if (socket !== undefined) running.push(name);
    else rmSync(socketPath(name), { force: true });
  }
  return running;
}
