import type { Trace } from '../../kernel/api.ts';
import { kernelEvents as kinds } from '../../kernel/events.ts';
import type { Changes } from './changes.ts';

/** What a node's process does, as its operator sees it. */
export type ProcessState = 'starting' | 'running' | 'paused' | 'stopping' | 'stopped' | 'off';

export interface NodeRecord {
  readonly name: string;
  state: ProcessState;
  incarnation: number;
  /** Why the last process ended; empty while none has. */
  endReason: string;
}

/** Every process of the cluster, folded from the trace. */
export class Nodes {
  readonly all = new Map<string, NodeRecord>();
  readonly #changes: Changes;
  /** A process ended: its beliefs are gone. */
  onEnd: ((name: string) => void) | undefined;
  /** A process runs again, or stopped running (paused counts as running for `onEnd`, not for leadership). */
  onState: ((record: NodeRecord) => void) | undefined;

  constructor(trace: Trace, changes: Changes) {
    this.#changes = changes;
    const on = (kind: (typeof kinds)[keyof typeof kinds], state: ProcessState) =>
      trace.subscribe([kind], (event) => this.#set(event.node, state, event.values));
    on(kinds['process-started'], 'running');
    on(kinds['process-killed'], 'stopped');
    on(kinds['process-stopped'], 'stopped');
    on(kinds['termination-requested'], 'stopping');
    on(kinds['process-paused'], 'paused');
    on(kinds['process-resumed'], 'running');
    on(kinds['machine-powered-off'], 'off');
  }

  state(name: string): ProcessState {
    return this.all.get(name)?.state ?? 'stopped';
  }

  running(name: string): boolean {
    const state = this.state(name);
    return state === 'running' || state === 'stopping';
  }

  #set(name: string, state: ProcessState, values: readonly unknown[]): void {
    let record = this.all.get(name);
    if (record === undefined) {
      record = { name, state, incarnation: 0, endReason: '' };
      this.all.set(name, record);
    }
    record.state = state;
    if (state === 'running') record.incarnation = Number(values[0]);
    if (state === 'stopped' || state === 'off') {
      record.endReason = state === 'off' ? 'power loss' : values.length > 1 ? String(values[2]) : 'killed';
      this.onEnd?.(name);
    }
    this.onState?.(record);
    this.#changes.mark('nodes');
  }
}
