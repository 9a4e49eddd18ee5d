import type { JoinGroupResponseMember } from '../../protocol/apis/11-join-group.ts';
import type { ClientNetwork } from '../network.ts';
import type { Assignor } from './assignors/assignor.ts';
import { assignmentBytes, groupMember } from './subscription.ts';

/** What one member is told that it owns. */
export interface MemberAssignment {
  readonly memberId: string;
  readonly assignment: Uint8Array;
}

/** What the leader of a classic group does beside what every member does: it assigns, and watches the topics. */
export class GroupLeader {
  private readonly network: ClientNetwork;
  private readonly topics: readonly string[];
  /** Partition counts that it assigned by. */
  private assignedBy = '';
  private seenVersion = -1;

  constructor(network: ClientNetwork, topics: readonly string[]) {
    this.network = network;
    this.topics = topics;
  }

  /** By the metadata of this member. Topics of others that it does not know yet are left out, and watched from now on. */
  assign(assignor: Assignor, members: readonly JoinGroupResponseMember[]): readonly MemberAssignment[] {
    const { metadata, refresher } = this.network;
    const described = members.map(groupMember);
    const counts = new Map<string, number>();
    for (const { topics } of described) {
      for (const name of topics) {
        const topic = metadata.topic(name);
        if (topic?.known === true) counts.set(name, topic.partitions.length);
        else refresher.watch(name);
      }
    }
    this.assignedBy = this.counts();
    this.seenVersion = -1;
    return [...assignor.assign(described, counts)].map(([memberId, partitions]) => ({
      memberId,
      assignment: assignmentBytes(partitions),
    }));
  }

  /** Whether the subscribed topics have other partitions than it assigned by: then the group must rebalance. */
  topicsChanged(): boolean {
    const { version } = this.network.metadata;
    if (version === this.seenVersion) return false;
    this.seenVersion = version;
    return this.counts() !== this.assignedBy;
  }

  /** As a text, which can be compared. */
  private counts(): string {
    const { metadata } = this.network;
    return this.topics.map((name) => `${name}=${metadata.topic(name)?.partitions.length ?? 0}`).join(' ');
  }
}
