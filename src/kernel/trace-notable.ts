import type { EventId, EventKind, FieldValue, Micros, TraceEvent } from './api.ts';
import {
  BlockReader,
  BlockWriter,
  type Named,
  type NamedKind,
  type TraceBlock,
  type TraceTables,
} from './trace-codec.ts';

/** Small, because one that is asked for is read from its beginning: some 300 events. */
const BLOCK_BYTES = 8 * 1024;
/** Together a million events or more. */
const KEPT_BLOCKS = 4_096;

interface Kept {
  readonly ids: Uint32Array;
  readonly block: TraceBlock;
}

/**
 * The notable events, which are remembered long after the rest: a second time in the compact form, as an object for each would
 * outweigh all that an idle partition is otherwise. They have been written to the trace before, so every name has a number.
 */
export class NotableEvents {
  private readonly tables: TraceTables;
  private readonly writer: BlockWriter;
  private readonly ended: Kept[] = [];
  /** Of the block that is being written. */
  private ids: EventId[] = [];

  constructor(tables: TraceTables) {
    this.tables = tables;
    this.writer = new BlockWriter(tables, 0, 0, BLOCK_BYTES);
  }

  add(id: EventId, atUs: Micros, node: Named, kind: NamedKind, cause: EventId, values: readonly FieldValue[]): void {
    this.ids.push(id);
    this.writer.write(atUs, node, kind, cause === 0 ? 0 : id - cause, values);
    if (this.writer.full) this.endBlock(atUs);
  }

  find(id: EventId): TraceEvent | undefined {
    const { ids, block } = this.holding(id);
    const at = indexOf(ids, id);
    if (at < 0) return undefined;
    const reader = new BlockReader({ ...block, nodesBefore: -1, kindsBefore: -1 }, this.tables);
    for (let next = 0; next <= at; next++) reader.next();
    const { name: node } = this.tables.nodes[reader.node]!;
    const { kind }: { readonly kind: EventKind } = this.tables.kinds[reader.kind]!;
    const cause = reader.causeDistance === 0 ? 0 : id - reader.causeDistance;
    return { id, atUs: reader.atUs, node, kind, values: reader.values, cause };
  }

  private holding(id: EventId): { readonly ids: ArrayLike<EventId>; readonly block: TraceBlock } {
    if (this.ids.length > 0 && this.ids[0]! <= id) return { ids: this.ids, block: this.writer.sealed() };
    let low = 0;
    let high = this.ended.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ended[middle]!.ids[0]! <= id) low = middle + 1;
      else high = middle;
    }
    return this.ended[low - 1] ?? { ids: [], block: this.writer.sealed() };
  }

  private endBlock(atUs: Micros): void {
    const block = this.writer.next(0, atUs, this.writer.sealed().bytes);
    block.bytes = block.bytes.slice(0, block.length);
    if (this.ended.length >= KEPT_BLOCKS) this.ended.shift();
    this.ended.push({ ids: Uint32Array.from(this.ids), block });
    this.ids = [];
  }
}

function indexOf(ids: ArrayLike<EventId>, id: EventId): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id ? low : -1;
}
