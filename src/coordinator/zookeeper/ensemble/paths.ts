/** Paths of znodes: absolute, separated by slashes, no empty, `.` or `..` component. */

/** The parent's path; `/` for a top-level node. Only for paths that begin with a slash. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the server checks before anything else: a slash to split at, and no NUL (PrepRequestProcessor). */
export function hasPathShape(path: string): boolean {
  return path.includes('/') && !path.includes('\0');
}

/** The whole rule (PathUtils.validatePath). The server applies it to a new node only after it has found the parent. */
export function isValidPath(path: string): boolean {
  if (path === '/') return true;
  if (!path.startsWith('/') || path.endsWith('/')) return false;
  for (const part of path.slice(1).split('/')) {
    if (part === '' || part === '.' || part === '..') return false;
  }
  for (let i = 0; i < path.length; i++) if (isForbidden(path.charCodeAt(i))) return false;
  return true;
}

function isForbidden(unit: number): boolean {
  return unit <= 0x1f || (unit >= 0x7f && unit <= 0x9f) || (unit >= 0xd800 && unit <= 0xf8ff) || unit >= 0xfff0;
}

/** The suffix of a sequential node: ten digits of a signed 32-bit counter. */
export function sequenceSuffix(counter: number): string {
  return counter < 0 ? `-${String(-counter).padStart(9, '0')}` : String(counter).padStart(10, '0');
}
