import type { Config } from '../../config/config.ts';
import type { Context, EventKind } from '../../kernel/api.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import { type ClientEnvironment, MAX_IN_FLIGHT, networkSettings } from '../environment.ts';
import { clientEvents } from '../events.ts';
import { ClientNetwork } from '../network.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import { Assignment } from './assignment.ts';
import { keyOf, type TopicPartition } from './assignors/assignor.ts';
import { Committer } from './commits.ts';
import { CoordinatorFinder } from './coordinator.ts';
import { Delivery, type RecordSink } from './delivery.ts';
import { Fetcher, type FetcherOwner } from './fetcher.ts';
import { GroupCommits } from './group-commits.ts';
import type { GroupOffsets } from './group-offsets.ts';
import { type MemberOwner, Membership } from './membership.ts';
import { Positions } from './positions.ts';
import { type ConsumerSettings, consumerSettings } from './settings.ts';

/** How long close() may take (CloseOptions). */
const CLOSE_TIMEOUT_MS = 30_000;

/** What an application does with its consumer. */
export interface Application {
  readonly topics: readonly string[];
  /** Gets the records of a poll; null: it is enough to know their offsets. */
  readonly sink: RecordSink | null;
  /** poll() returned `count` records. The next poll comes when `done` is called. */
  process(count: number, done: () => void): void;
  /** poll() threw. */
  failed(error: number): void;
  /** poll() found nothing to return. */
  idle?(): void;
  /** Without a group: the offset from which partitions are read, instead of what the reset policy says; of each by its name, or of all. */
  readonly startAt?: number | ReadonlyMap<string, number>;
  /** Without a group: only these partitions of every topic. */
  readonly partitions?: readonly number[];
}

/** What a member of a group has beside what every consumer has. */
interface GroupParts {
  readonly member: Membership;
  readonly commits: GroupCommits;
}

/**
 * A consumer and its poll loop. The application is one thread: it polls, works on what it got, and polls again; meanwhile
 * only heartbeats go on, and what had been asked for may come in (KafkaConsumer with `group.protocol=classic`).
 *
 * Not simulated: the protocol of KIP-848, subscriptions to patterns, pausing.
 */
export class Consumer implements MemberOwner, FetcherOwner {
  readonly network: ClientNetwork;
  readonly settings: ConsumerSettings;
  readonly assignment = new Assignment();
  private readonly application: Application;
  private readonly fetcher: Fetcher;
  private readonly positions: Positions;
  private readonly delivery: Delivery;
  private readonly group: GroupParts | null;
  /** Assigned, but not in the metadata yet. */
  private unknown: readonly TopicPartition[] = [];
  private processing = false;
  private polling = false;
  private again = false;
  private closing: (() => void) | null = null;
  private closed = false;

  constructor(context: Context, environment: ClientEnvironment, config: Config, application: Application) {
    this.settings = consumerSettings(config);
    this.application = application;
    const { settings, assignment } = this;
    const clientId = config.string('client.id') || context.node;
    this.network = new ClientNetwork(context, environment, networkSettings(config, clientId, MAX_IN_FLIGHT.consumer));
    const { network } = this;
    this.fetcher = new Fetcher(network, settings, assignment, this);
    this.delivery = new Delivery(context, settings, application.sink, environment.compression);
    const onFatal = (error: number) => this.onFatal(error);
    const finder =
      settings.group === null ? null : new CoordinatorFinder(network, { kind: 'group', name: settings.group }, onFatal);
    this.positions = new Positions({ network, settings, assignment, fetcher: this.fetcher, finder, onFatal });
    this.group = finder === null ? null : this.makeGroup(finder);
    if (settings.readCommitted) context.emit(clientEvents['reads-committed'], []);
    network.refresher.autoCreate(settings.autoCreateTopics);
    network.onChange(() => this.wake());
    for (const topic of application.topics) network.refresher.watch(topic);
  }

  /** Something changed: the next round of poll() begins, unless the application works. */
  wake(): void {
    this.again = true;
    if (this.polling || this.processing || this.closed) return;
    this.polling = true;
    while (this.again && !this.processing && !this.closed) {
      this.again = false;
      if (this.closing === null) this.poll();
    }
    this.polling = false;
  }

  /** Whether everything was returned that the logs held when they were last read; false while anything is unknown. */
  get atEnd(): boolean {
    const { partitions } = this.assignment;
    return (
      partitions.length > 0 && partitions.every(({ endOffset, position }) => endOffset >= 0 && position >= endOffset)
    );
  }

  /** Ends in an orderly way, when the application has worked off what it got. */
  close(done: () => void): void {
    this.closing ??= done;
    if (!this.processing) this.end();
  }

  /** commitSync(); `done` gets the error that the application would be thrown. */
  commitSync(done: (error: number) => void): void {
    if (this.group === null) done(ErrorCode.INVALID_GROUP_ID);
    else this.group.commits.commitSync(this.settings.apiTimeoutMs, done);
  }

  /** What a transaction has to commit for this consumer: where it stands, and who it is (groupMetadata). */
  get offsetsToCommit(): GroupOffsets | null {
    if (this.group === null) return null;
    const offsets = this.assignment.partitions
      .filter(({ position }) => position >= 0)
      .map(({ info, position, positionEpoch }) => ({
        topic: info.topic.name,
        partition: info.index,
        offset: position,
        epoch: positionEpoch,
      }));
    return { identity: this.group.member.identity, offsets };
  }

  /** Goes back to what is committed: what was read since is read again. */
  rewind(): void {
    this.positions.rewind();
    this.wake();
  }

  onFetched(): void {
    this.wake();
  }

  onOutOfRange(partition: AssignedPartition): void {
    this.positions.outOfRange(partition);
  }

  onFatal(error: number): void {
    if (this.closed || this.closing !== null) return;
    this.network.context.emit(clientEvents['consumer-failed'], [this.settings.group, errorName(error)]);
    this.application.failed(error);
  }

  commitBeforeRebalance(done: () => void): void {
    this.group!.commits.finalAutoCommit(this.settings.maxPollIntervalMs, done);
  }

  assign(partitions: readonly TopicPartition[]): void {
    this.tell(clientEvents['partitions-assigned'], partitions.map(keyOf));
    this.take(partitions);
    this.group?.commits.restart();
    this.wake();
  }

  revoke(partitions: readonly TopicPartition[]): void {
    this.giveUp(partitions, clientEvents['partitions-revoked']);
  }

  lose(): void {
    this.giveUp([...this.assignment.owned(), ...this.unknown], clientEvents['partitions-lost']);
  }

  private makeGroup(finder: CoordinatorFinder): GroupParts {
    const { network, settings, assignment } = this;
    const { topics } = this.application;
    const member = new Membership({ network, settings, finder, assignment, topics, owner: this });
    const committer = new Committer(network, assignment, finder);
    return { member, commits: new GroupCommits(network, settings, committer, member) };
  }

  private poll(): void {
    const { group, fetcher, positions } = this;
    if (group === null) this.assignEverything();
    else {
      group.member.poll();
      group.commits.autoCommitIfDue();
    }
    if (this.unknown.length > 0) this.take(this.unknown);
    positions.run();
    if (group?.member.holdsBack === true) return;
    const count = this.collect();
    fetcher.run();
    if (count > 0) this.hand(count);
    else this.application.idle?.();
  }

  /** Takes what was fetched, up to max.poll.records. */
  private collect(): number {
    const { fetcher, settings } = this;
    let count = 0;
    while (count < settings.maxPollRecords) {
      const partition = fetcher.next();
      if (partition === undefined) break;
      const taken = this.delivery.take(partition, settings.maxPollRecords - count);
      count += taken.count;
      if (taken.corrupt) {
        if (count === 0) this.onFatal(ErrorCode.CORRUPT_MESSAGE);
        break;
      }
      if (taken.exhausted) fetcher.drained(partition);
    }
    return count;
  }

  private hand(count: number): void {
    this.processing = true;
    this.group?.member.processing();
    this.application.process(count, () => {
      this.processing = false;
      if (this.closing !== null) this.end();
      else this.wake();
    });
  }

  /** Without a group: all partitions of all topics. */
  private assignEverything(): void {
    const { metadata } = this.network;
    const { startAt, partitions: wanted } = this.application;
    for (const name of this.application.topics) {
      const topic = metadata.topic(name);
      if (topic?.known !== true) continue;
      for (const { index } of topic.partitions) {
        if (wanted?.includes(index) === false || this.assignment.find(name, index) !== undefined) continue;
        this.take([{ topic: name, partition: index }]);
        const offset = typeof startAt === 'object' ? startAt.get(`${name}-${index}`) : startAt;
        if (offset !== undefined) this.positions.goTo(this.assignment.find(name, index)!, offset, -1, 'given');
      }
    }
  }

  private take(partitions: readonly TopicPartition[]): void {
    const { metadata, refresher } = this.network;
    this.assignment.add(partitions, metadata);
    this.unknown = partitions.filter((partition) => !this.assignment.has(partition));
    if (this.unknown.length > 0) refresher.request();
  }

  private giveUp(partitions: readonly TopicPartition[], kind: EventKind): void {
    if (partitions.length > 0) this.tell(kind, partitions.map(keyOf));
    const gone = partitions.flatMap(({ topic, partition }) => this.assignment.find(topic, partition) ?? []);
    for (const partition of gone) this.fetcher.displace(partition);
    this.assignment.remove(gone);
    this.unknown = [];
  }

  private tell(kind: EventKind, partitions: readonly string[]): void {
    const { member } = this.group!;
    this.network.context.emit(kind, [this.settings.group, member.generation, member.memberId, partitions]);
  }

  private end(): void {
    if (this.closed) return;
    const { group } = this;
    const ended = (): void => {
      this.closed = true;
      this.network.close();
      this.closing!();
    };
    if (group === null) ended();
    else
      group.commits.finalAutoCommit(CLOSE_TIMEOUT_MS, () => {
        this.revoke([...this.assignment.owned(), ...this.unknown]);
        group.member.leave(ended);
      });
  }
}
