import type { EventId, EventKind, FieldValue, Micros, Trace, TraceEvent, TraceListener, WorldOptions } from './api.ts';
import { Causes } from './causes.ts';
import { BlockReader, BlockWriter, type Named, type NamedKind, type TraceBlock, TraceTables } from './trace-codec.ts';
import { TraceHash } from './trace-hash.ts';
import { NotableEvents } from './trace-notable.ts';

/** How many encoded blocks are kept to read events back from: 64 KiB each, some 3,000 events. */
const KEPT_BLOCKS = 64;

interface Subscription {
  readonly kinds: ReadonlySet<EventKind> | 'all';
  readonly listener: TraceListener;
}

interface KindRecord extends NamedKind {
  number: number;
  /** Null: nobody listens. Replaced, never changed, so that a listener may subscribe or leave while it is called. */
  listeners: readonly TraceListener[] | null;
}

/**
 * Everything that happened, in order. Each event is written to a block of bytes at once; full blocks go to the digest,
 * and the latest stay to be read back; notable events stay for long. Objects are made only for what a listener wants.
 */
export class TraceRecorder implements Trace {
  count = 0;
  private readonly tables = new TraceTables();
  private readonly writer = new BlockWriter(this.tables, 1, 0);
  private readonly blocks: TraceBlock[] = [];
  private readonly chain: TraceHash;
  private readonly causes = new Causes();
  private readonly kinds = new Map<EventKind, KindRecord>();
  private readonly notable = new NotableEvents(this.tables);
  private subscriptions: Subscription[] = [];

  constructor(digest: WorldOptions['digest']) {
    this.chain = new TraceHash(digest);
  }

  record(atUs: Micros, node: Named, kind: EventKind, values: readonly FieldValue[], cause: EventId): EventId {
    const id = this.count + 1;
    const record = this.kinds.get(kind) ?? this.addKind(kind);
    this.count = id;
    this.writer.write(atUs, node, record, cause === 0 ? 0 : id - cause, values);
    if (this.writer.full) this.endBlock(atUs);
    this.causes.set(id, cause);
    if (kind.level === 'notable') this.notable.add(id, atUs, node, record, cause, values);
    const { listeners } = record;
    if (listeners !== null) {
      const event: TraceEvent = { id, atUs, node: node.name, kind, values, cause };
      for (let index = 0; index < listeners.length; index++) listeners[index]!(event);
    }
    return id;
  }

  hash(): string {
    const { bytes, length } = this.writer.sealed();
    return this.chain.withPartial(bytes.subarray(0, length));
  }

  subscribe(kinds: readonly EventKind[] | 'all', listener: TraceListener): () => void {
    const subscription: Subscription = { kinds: kinds === 'all' ? 'all' : new Set(kinds), listener };
    this.subscriptions.push(subscription);
    this.refreshListeners();
    return () => {
      this.subscriptions = this.subscriptions.filter((other) => other !== subscription);
      this.refreshListeners();
    };
  }

  get(id: EventId): TraceEvent | undefined {
    if (id < 1 || id > this.count) return undefined;
    return this.notable.find(id) ?? this.readBack(id);
  }

  causeOf(id: EventId): EventId {
    return id < 1 || id > this.count ? 0 : this.causes.get(id);
  }

  private addKind(kind: EventKind): KindRecord {
    const record: KindRecord = { name: kind.name, number: -1, kind, listeners: this.listenersOf(kind) };
    this.kinds.set(kind, record);
    return record;
  }

  private listenersOf(kind: EventKind): readonly TraceListener[] | null {
    const wanting = this.subscriptions.filter(({ kinds }) => kinds === 'all' || kinds.has(kind));
    return wanting.length === 0 ? null : wanting.map(({ listener }) => listener);
  }

  private refreshListeners(): void {
    for (const record of this.kinds.values()) record.listeners = this.listenersOf(record.kind);
  }

  private endBlock(atUs: Micros): void {
    const spare = this.blocks.length >= KEPT_BLOCKS ? this.blocks.shift() : undefined;
    const ended = this.writer.next(this.count + 1, atUs, spare?.bytes);
    this.chain.add(ended.bytes.subarray(0, ended.length));
    this.blocks.push(ended);
  }

  private readBack(id: EventId): TraceEvent | undefined {
    const current = this.writer.sealed();
    const block = id >= current.firstId ? current : this.blocks.find((kept) => id >= kept.firstId && id < kept.endId);
    if (block === undefined) return undefined;
    const reader = new BlockReader(block, this.tables);
    for (let next = block.firstId; next <= id; next++) reader.next();
    const { name: node } = this.tables.nodes[reader.node]!;
    const { kind } = this.tables.kinds[reader.kind]!;
    const cause = reader.causeDistance === 0 ? 0 : id - reader.causeDistance;
    return { id, atUs: reader.atUs, node, kind, values: reader.values, cause };
  }
}
