import type { Assignment } from '../assignment.ts';

/** A member as a server-side assignor sees it. */
export interface Subscriber {
  readonly memberId: string;
  readonly instanceId: string | null;
  /** Ids of topics that exist, in the order of their names. */
  readonly topicIds: readonly string[];
  /** Its present target, from which a sticky assignor strays as little as it can. */
  readonly target: Assignment;
}

export interface AssignorInput {
  /** In the order in which they are served (`inOrder`). */
  readonly members: readonly Subscriber[];
  readonly partitionsOf: (topicId: string) => number;
}

/** Member id → what it should own. Members that get nothing may be left out. */
export type Assignor = (input: AssignorInput) => ReadonlyMap<string, Assignment>;

/** Static members by instance id, then dynamic ones by member id. */
export function inOrder(members: readonly Subscriber[]): readonly Subscriber[] {
  const key = ({ instanceId, memberId }: Subscriber): string =>
    instanceId === null ? `1${memberId}` : `0${instanceId}`;
  return [...members].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Partitions by member while they are given out. */
export class Shares {
  private readonly byMember = new Map<string, Map<string, number[]>>();

  constructor(members: readonly Subscriber[]) {
    for (const { memberId } of members) this.byMember.set(memberId, new Map());
  }

  give(memberId: string, topicId: string, partition: number): void {
    const topics = this.byMember.get(memberId)!;
    const partitions = topics.get(topicId);
    if (partitions === undefined) topics.set(topicId, [partition]);
    else partitions.push(partition);
  }

  made(): ReadonlyMap<string, Assignment> {
    for (const topics of this.byMember.values())
      for (const partitions of topics.values()) partitions.sort((a, b) => a - b);
    return this.byMember;
  }
}
