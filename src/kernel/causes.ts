import type { EventId } from './api.ts';

const CHUNK_BITS = 16;
const CHUNK = 1 << CHUNK_BITS;

/** The cause of each event, by id, in chunks; the oldest chunk is given up when there are too many. */
export class Causes {
  private readonly chunks: (Uint32Array | undefined)[] = [];
  private firstChunk = 0;
  private readonly maxChunks: number;
  private latest: Uint32Array = new Uint32Array(CHUNK);

  /** 512 chunks are 33 million events in 128 MB. */
  constructor(maxChunks = 512) {
    this.maxChunks = maxChunks;
    this.chunks.push(this.latest);
  }

  /** Ids are set one after another. */
  set(id: EventId, cause: EventId): void {
    const index = id & (CHUNK - 1);
    if (index === 0) this.addChunk();
    this.latest[index] = cause;
  }

  get(id: EventId): EventId {
    return this.chunks[id >>> CHUNK_BITS]?.[id & (CHUNK - 1)] ?? 0;
  }

  private addChunk(): void {
    let chunk: Uint32Array | undefined;
    if (this.chunks.length - this.firstChunk >= this.maxChunks) {
      chunk = this.chunks[this.firstChunk];
      this.chunks[this.firstChunk] = undefined;
      this.firstChunk += 1;
    }
    this.latest = chunk ?? new Uint32Array(CHUNK);
    this.chunks.push(this.latest);
  }
}
