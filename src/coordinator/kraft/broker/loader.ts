/**
 * Follows the committed metadata log and publishes what it says (MetadataLoader). Nothing is published before this
 * broker has caught up with the log once; after that every commit is published as it becomes known.
 */
import type { Chance, Context } from '../../../kernel/api.ts';
import { authorityEvents, type MetadataDelta } from '../../index.ts';
import { apply } from '../metadata/apply.ts';
import { ClusterMetadata } from '../metadata/cluster-metadata.ts';
import type { MetadataRecord } from '../metadata/records.ts';
import type { QuorumListener, QuorumMember } from '../quorum/quorum-member.ts';
import { deltaBetween } from './delta.ts';
import { KraftImage } from './image.ts';
import { Touched } from './touched.ts';

export class MetadataLoader implements QuorumListener {
  image: KraftImage;
  /** Offset of the last record that the published image holds; −1 before the first publication. */
  publishedOffset = -1;
  private readonly context: Context;
  private readonly brokerId: number;
  private readonly publish: (delta: MetadataDelta) => void;
  private readonly metadata = new ClusterMetadata();
  private readonly chance: Chance;
  private member!: QuorumMember;
  private nextOffset = 0;
  private touched = new Touched();

  constructor(
    context: Context,
    { clusterId, brokerId, publish }: { clusterId: string; brokerId: number; publish: (delta: MetadataDelta) => void },
  ) {
    this.context = context;
    this.brokerId = brokerId;
    this.publish = publish;
    this.chance = context.chance('controller-id');
    this.image = new KraftImage(this.metadata.share(), { clusterId, version: -1, controllerId: -1 });
  }

  attach(member: QuorumMember): void {
    this.member = member;
  }

  onRole(): void {}

  onAppendRefused(): void {}

  onHighWatermark(offset: number): void {
    this.nextOffset = this.member.log.replay(this.nextOffset, offset, this.take);
    const isFirst = this.publishedOffset < 0;
    if (isFirst && this.metadata.offset < 0) return;
    if (isFirst) this.touched.noteAll(this.metadata);
    const { touched } = this;
    if (touched.any) this.publishTouched(touched, offset - 1);
    this.publishedOffset = offset - 1;
  }

  private readonly take = (record: MetadataRecord, offset: number): void => {
    apply(this.metadata, record, offset);
    this.touched.note(record, this.metadata);
  };

  private publishTouched(touched: Touched, version: number): void {
    const before = this.image;
    this.touched = new Touched();
    const { clusterId } = before;
    const contents = this.metadata.share();
    this.image = new KraftImage(contents, { clusterId, version, controllerId: this.anyBroker() });
    const delta = deltaBetween(before, this.image, touched, this.brokerId);
    const { context } = this;
    const partitions = delta.deleted.length + delta.leaders.length + delta.followers.length;
    context.cause = context.emit(authorityEvents['metadata-published'], [version, partitions]);
    this.publish(delta);
  }

  /** Any broker passes requests on to the controller, so any live one will do as "the controller" for clients. */
  private anyBroker(): number {
    const live = [...this.metadata.brokers.values()].filter(({ fenced }) => !fenced);
    return live.length === 0 ? -1 : this.chance.pick(live).id;
  }
}
