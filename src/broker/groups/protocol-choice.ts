import { decodeSubscription } from '../../protocol/records/consumer-protocol.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import { type ClassicGroup, CONSUMER_PROTOCOL_TYPE, type Member, NO_ASSIGNMENT } from './classic-group.ts';

/**
 * The protocol of the next generation: each member votes for the first of its own list that all members offer. Kafka leaves
 * ties open; here the one that got its first vote earlier wins.
 */
export function selectProtocol(group: ClassicGroup): string | null {
  const votes = new Map<string, number>();
  for (const { protocols } of group.members.values()) {
    const choice = protocols.find(({ name }) => group.offeredByAll(name));
    if (choice !== undefined) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
  }
  let winner: string | null = null;
  let most = 0;
  for (const [name, count] of votes) {
    if (count <= most) continue;
    winner = name;
    most = count;
  }
  return winner;
}

/** What a member said about itself for the protocol that was chosen. */
export function metadataOf(member: Member, protocol: string | null): Uint8Array {
  return member.protocols.find(({ name }) => name === protocol)?.metadata ?? NO_ASSIGNMENT;
}

/** Topics that the members subscribe to, where they are consumers and can be understood; else null. */
export function subscribedTopics(group: ClassicGroup): ReadonlySet<string> | null {
  if (group.protocolType !== CONSUMER_PROTOCOL_TYPE) return null;
  if (group.members.size === 0) return new Set();
  if (group.protocol === null) return null;
  const topics = new Set<string>();
  try {
    for (const member of group.members.values()) {
      for (const topic of decodeSubscription(metadataOf(member, group.protocol)).topics) topics.add(topic);
    }
  } catch (thrown) {
    if (thrown instanceof MalformedMessage) return null;
    throw thrown;
  }
  return topics;
}

/** Whether a topic's offsets are in use. What cannot be understood counts as used. */
export function isSubscribed(group: ClassicGroup, topic: string): boolean {
  return group.subscribedTopics?.has(topic) ?? group.protocolType === CONSUMER_PROTOCOL_TYPE;
}
