import { groupEvents as kinds } from '../../broker/groups/events.ts';
import { clientEvents } from '../../client/events.ts';
import type { FieldValue, Trace, TraceEvent } from '../../kernel/api.ts';
import type { Changes } from './changes.ts';

/** A group as its coordinator has it, and what its members were handed. */
export interface GroupRecord {
  readonly name: string;
  /** Of __consumer_offsets; null while nobody said. */
  partition: number | null;
  state: string;
  generation: number;
  /** Node of the coordinator that spoke last; null while none coordinates it. */
  coordinator: string | null;
  readonly members: Set<string>;
  /** Member → partitions, of the present generation. */
  assignments: Map<string, readonly string[]>;
  /** Partition → committed offset. */
  readonly committed: Map<string, number>;
  /** Partition → offset of the next record that a member will be handed. */
  readonly positions: Map<string, number>;
  /** Where a member began for want of a committed offset. */
  readonly starts: Map<string, number>;
  /** Records handed to members. */
  consumed: number;
  /** Completed generations after the first Stable. */
  rebalances: number;
  wasStable: boolean;
}

/** Every group, folded from the trace. */
export class Groups {
  readonly all = new Map<string, GroupRecord>();
  readonly #changes: Changes;

  constructor(trace: Trace, changes: Changes) {
    this.#changes = changes;
    const on = (kind: (typeof kinds)[keyof typeof kinds], fold: (group: GroupRecord, event: TraceEvent) => void) =>
      trace.subscribe([kind], (event) => {
        const group = this.#group(event.values[0] as string);
        group.coordinator = event.node;
        fold(group, event);
        changes.mark('groups');
      });
    on(kinds['group-created'], (group, { values: [, partition] }) => {
      group.partition = partition as number;
      group.state = 'Empty';
      group.generation = 0;
    });
    on(kinds['group-state-changed'], (group, { values: [, , to, generation] }) => {
      group.state = to as string;
      group.generation = generation as number;
      if (to === 'Stable') group.wasStable = true;
      if (to === 'Empty') group.assignments = new Map();
    });
    on(kinds['group-member-joined'], (group, { values: [, member] }) => group.members.add(member as string));
    on(kinds['group-member-left'], (group, { values: [, member] }) => {
      group.members.delete(member as string);
      group.assignments.delete(member as string);
    });
    on(kinds['group-rebalance-completed'], (group, { values: [, generation] }) => {
      group.generation = generation as number;
      group.assignments = new Map();
      if (group.wasStable) group.rebalances += 1;
    });
    on(kinds['group-assignment-delivered'], (group, { values: [, , member, partitions] }) =>
      group.assignments.set(member as string, partitions as readonly string[]),
    );
    on(kinds['group-offset-committed'], (group, { values: [, partition, offset] }) =>
      group.committed.set(partition as string, offset as number),
    );
    on(kinds['group-offset-removed'], (group, { values: [, partition] }) =>
      group.committed.delete(partition as string),
    );
    // What the log says is all that is left of the group: unstored rebalances are undone.
    on(kinds['group-loaded'], (group, { values: [, partition, state, generation, , , members] }) => {
      group.partition = partition as number;
      group.state = state as string;
      group.generation = generation as number;
      group.members.clear();
      for (const member of members as readonly string[]) group.members.add(member);
      group.assignments = new Map();
      group.committed.clear();
    });
    on(kinds['group-assignment-loaded'], (group, { values: [, , member, partitions] }) =>
      group.assignments.set(member as string, partitions as readonly string[]),
    );
    on(kinds['group-offset-loaded'], (group, { values: [, partition, offset] }) =>
      group.committed.set(partition as string, offset as number),
    );
    trace.subscribe([kinds['group-coordinator-unloaded']], ({ node, values: [, , groups] }) => {
      for (const name of groups as readonly string[]) {
        const group = this.#group(name);
        if (group.coordinator === node) group.coordinator = null;
      }
      changes.mark('groups');
    });
    trace.subscribe([kinds['group-coordinator-loaded']], ({ node, values: [partition, groups] }) => {
      const names = groups as readonly string[];
      for (const name of names) this.#group(name).coordinator = node;
      for (const group of this.all.values()) {
        if (group.partition === partition && !names.includes(group.name)) forget(group);
      }
      changes.mark('groups');
    });
    const position = (name: FieldValue, partition: FieldValue, offset: number, delivered: number) => {
      if (name === null) return;
      const group = this.#group(name);
      group.consumed += delivered;
      group.positions.set(partition as string, offset);
      changes.mark('groups');
    };
    trace.subscribe([clientEvents['records-delivered']], ({ values: [name, partition, first, last] }) =>
      position(name!, partition!, (last as number) + 1, (last as number) - (first as number) + 1),
    );
    trace.subscribe([clientEvents['position-advanced']], ({ values: [name, partition, offset] }) =>
      position(name!, partition!, offset as number, 0),
    );
    trace.subscribe([clientEvents['position-reset']], ({ values: [name, partition, offset, reason] }) => {
      position(name!, partition!, offset as number, 0);
      if (name !== null && reason !== 'committed') this.#group(name!).starts.set(partition as string, offset as number);
    });
  }

  /** A broker's process ended: it coordinates nothing. */
  forgetCoordinator(node: string): void {
    for (const group of this.all.values()) if (group.coordinator === node) group.coordinator = null;
    this.#changes.mark('groups');
  }

  #group(name: FieldValue): GroupRecord {
    const known = this.all.get(name as string);
    if (known !== undefined) return known;
    const group: GroupRecord = {
      name: name as string,
      partition: null,
      state: 'Dead',
      generation: 0,
      coordinator: null,
      members: new Set(),
      assignments: new Map(),
      committed: new Map(),
      positions: new Map(),
      starts: new Map(),
      consumed: 0,
      rebalances: 0,
      wasStable: false,
    };
    this.all.set(group.name, group);
    return group;
  }
}

/** The log has nothing of it. */
function forget(group: GroupRecord): void {
  group.state = 'Dead';
  group.generation = 0;
  group.members.clear();
  group.assignments = new Map();
  group.committed.clear();
}
