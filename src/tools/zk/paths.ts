/** What the Java client says of a path before it asks any server (PathUtils.validatePath). */
import { CliError } from './failure.ts';

/** Throws `CliError`. A sequential znode's path may end with a slash: a number follows. */
export function checkPath(path: string, sequential = false): void {
  const why = pathFault(sequential ? `${path}1` : path);
  if (why !== undefined) throw new CliError([why]);
}

function pathFault(path: string): string | undefined {
  if (path === '') return 'Path length must be > 0';
  if (!path.startsWith('/')) return 'Path must start with / character';
  if (path === '/') return undefined;
  if (path.endsWith('/')) return 'Path must not end with / character';
  for (let at = 1; at < path.length; at++) {
    const reason = faultAt(path, at);
    if (reason !== undefined) return `Invalid path string "${path}" caused by ${reason} @${at}`;
  }
  return undefined;
}

function faultAt(path: string, at: number): string | undefined {
  const sign = path[at];
  const unit = path.charCodeAt(at);
  if (unit === 0) return 'null character not allowed';
  if (sign === '/' && path[at - 1] === '/') return 'empty node name specified';
  if (sign === '.' && (at + 1 === path.length || path[at + 1] === '/')) {
    const before = path[at - 1] === '.' ? path[at - 2] : path[at - 1];
    if (before === '/') return 'relative paths not allowed';
  }
  const forbidden =
    unit <= 0x1f || (unit >= 0x7f && unit <= 0x9f) || (unit >= 0xd800 && unit <= 0xf8ff) || unit >= 0xfff0;
  return forbidden ? 'invalid character' : undefined;
}

/** The path of a child. */
export function childOf(path: string, name: string): string {
  return path === '/' ? `/${name}` : `${path}/${name}`;
}
