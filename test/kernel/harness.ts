import { createHash } from 'node:crypto';
import type { ConnectionHandler, Context, NodeControl, Program, World, WorldOptions } from '../../src/kernel/api.ts';
import { describeEvent } from '../../src/kernel/determinism.ts';
import { createWorld } from '../../src/kernel/world.ts';

export const MS = 1000;
export const SECOND = 1_000_000;

export function sha256() {
  const hash = createHash('sha256');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

export function newWorld(options: Partial<WorldOptions> = {}): World {
  return createWorld({ seed: 7, digest: sha256, latencyUs: 500, jitterUs: 0, ...options });
}

/** What programs saw, one line each: `t=1500us b got hello`. */
export type Log = string[];

/** A handler that writes down whatever happens to a connection. */
export function logging(context: Context, log: Log, onMessage?: ConnectionHandler['onMessage']): ConnectionHandler {
  const note = (text: string) => {
    log.push(`${context.nowUs()} ${context.node} ${text}`);
  };
  return {
    onOpen: () => note('open'),
    onMessage: (connection, message) => {
      note(`got ${String(message)}`);
      onMessage?.(connection, message);
    },
    onClose: (_connection, reason) => note(reason),
  };
}

/** Starts a node that accepts connections to port `p` and writes down what comes. */
export function startListener(
  world: World,
  name: string,
  log: Log,
  onMessage?: ConnectionHandler['onMessage'],
): NodeControl {
  const node = world.node(name) ?? world.addNode({ name });
  node.start((context) => {
    context.listen('p', logging(context, log, onMessage));
    return {};
  });
  return node;
}

/** Starts a node whose whole program is one function. */
export function startProgram(
  world: World,
  name: string,
  begin: (context: Context) => Program | undefined,
): NodeControl {
  const node = world.node(name) ?? world.addNode({ name });
  node.start((context) => begin(context) ?? {});
  return node;
}

/** The trace as lines, without those of the set-up. */
export function recordTrace(world: World): string[] {
  const lines: string[] = [];
  world.trace.subscribe('all', (event) => lines.push(describeEvent(event)));
  return lines;
}
