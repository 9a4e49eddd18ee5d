/**
 * Assertions are for our own bugs: always on, never caught. What goes wrong *in* the world (a broken disk, a refused
 * connection) is a value instead.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** The same on a hot path, where the message must not be put together in vain: `if (!good) fail(…)`. */
export function fail(message: string): never {
  throw new Error(`assertion failed: ${message}`);
}

/** For the `default` of a switch over a union: the compiler proves that it is never reached. */
export function assertNever(value: never): never {
  throw new Error(`assertion failed: unexpected ${String(value)}`);
}
