import type { Assignment } from '../assignment.ts';
import { type Assignor, type AssignorInput, Shares, type Subscriber } from './assignor.ts';

/** Equal numbers of partitions for all, with as few moves as can be. Kafka's `UniformAssignor`. */
export const uniform: Assignor = (input) => {
  const [first, ...others] = input.members;
  if (first === undefined) return new Map();
  const alike = others.every(({ topicIds }) => topicIds.join() === first.topicIds.join());
  return alike ? homogeneous(input, first.topicIds) : heterogeneous(input);
};

interface Place {
  readonly topicId: string;
  readonly partition: number;
}

function placesOf(topicIds: Iterable<string>, partitionsOf: AssignorInput['partitionsOf']): Place[] {
  const places: Place[] = [];
  for (const topicId of topicIds)
    for (let partition = 0; partition < partitionsOf(topicId); partition++) places.push({ topicId, partition });
  return places;
}

const keyOf = ({ topicId, partition }: Place): string => `${topicId}/${partition}`;

function* placesIn(assignment: Assignment): Generator<Place> {
  for (const [topicId, partitions] of assignment) for (const partition of partitions) yield { topicId, partition };
}

/** Everybody reads the same topics: whoever has more than a fair share gives, whoever has less gets (`UniformHomogeneousAssignmentBuilder`). */
function homogeneous(
  { members, partitionsOf }: AssignorInput,
  topicIds: readonly string[],
): ReadonlyMap<string, Assignment> {
  const free = new Map(placesOf(topicIds, partitionsOf).map((place) => [keyOf(place), place]));
  const quota = Math.floor(free.size / members.length);
  let larger = free.size % members.length;
  const shares = new Shares(members);
  const hungry: { readonly memberId: string; missing: number }[] = [];
  const held = members.map((member) => ({
    member,
    places: [...placesIn(member.target)].filter((place) => free.has(keyOf(place))),
  }));
  // Those who have more than a fair share already take the larger shares, as long as there are any.
  const large = new Set<Subscriber>();
  for (const { member, places } of held) {
    if (larger === 0 || places.length <= quota) continue;
    large.add(member);
    larger--;
  }
  for (const { member, places } of held) {
    const limit = quota + (large.has(member) ? 1 : 0);
    for (const { topicId, partition } of places.slice(0, limit)) {
      shares.give(member.memberId, topicId, partition);
      free.delete(keyOf({ topicId, partition }));
    }
    const missing = limit - Math.min(limit, places.length);
    const isLarger = !large.has(member) && larger > 0;
    if (isLarger) larger--;
    if (missing > 0 || isLarger) hungry.push({ memberId: member.memberId, missing: missing + (isLarger ? 1 : 0) });
  }
  const rest = [...free.values()];
  let next = 0;
  for (const { memberId, missing } of hungry) {
    for (let i = 0; i < missing && next < rest.length; i++, next++)
      shares.give(memberId, rest[next]!.topicId, rest[next]!.partition);
  }
  return shares.made();
}

/** How often partitions are moved from who has most to who has least before it is left as it is. */
const MOST_ROUNDS = 16;

/** Members read different topics (`UniformHeterogeneousAssignmentBuilder`). */
function heterogeneous({ members, partitionsOf }: AssignorInput): ReadonlyMap<string, Assignment> {
  const readers = new Map<string, Subscriber[]>();
  for (const member of members)
    for (const topicId of member.topicIds) readers.set(topicId, [...(readers.get(topicId) ?? []), member]);
  const owner = new Map<string, Subscriber>();
  const load = new Map<Subscriber, number>(members.map((member) => [member, 0]));
  const give = (place: Place, to: Subscriber): void => {
    const from = owner.get(keyOf(place));
    if (from !== undefined) load.set(from, load.get(from)! - 1);
    owner.set(keyOf(place), to);
    load.set(to, load.get(to)! + 1);
  };
  for (const member of members)
    for (const place of placesIn(member.target))
      if (
        member.topicIds.includes(place.topicId) &&
        place.partition < partitionsOf(place.topicId) &&
        !owner.has(keyOf(place))
      )
        give(place, member);
  const leastLoaded = (topicId: string): Subscriber =>
    readers.get(topicId)!.reduce((best, member) => (load.get(member)! < load.get(best)! ? member : best));
  const topics = [...readers.keys()].sort((a, b) => compareTopics(a, b, readers, partitionsOf));
  const places = placesOf(topics, partitionsOf);
  for (const place of places) if (!owner.has(keyOf(place))) give(place, leastLoaded(place.topicId));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let moved = false;
    for (const place of places) {
      const least = leastLoaded(place.topicId);
      if (load.get(owner.get(keyOf(place))!)! <= load.get(least)! + 1) continue;
      give(place, least);
      moved = true;
    }
    if (!moved) break;
  }
  const shares = new Shares(members);
  for (const place of places) shares.give(owner.get(keyOf(place))!.memberId, place.topicId, place.partition);
  return shares.made();
}

/** Topics with many partitions for each reader first; then those with fewer readers. */
function compareTopics(
  a: string,
  b: string,
  readers: ReadonlyMap<string, readonly Subscriber[]>,
  partitionsOf: AssignorInput['partitionsOf'],
): number {
  const [readersA, readersB] = [readers.get(a)!.length, readers.get(b)!.length];
  const byShare = partitionsOf(b) * readersA - partitionsOf(a) * readersB;
  return byShare || readersA - readersB || (a < b ? -1 : 1);
}
