export const DEFAULT_NAME = 'default';

/** What a socket's path may hold is a little more than a hundred bytes, so names are short. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

export function isClusterName(name: string): boolean {
  return NAME.test(name);
}
