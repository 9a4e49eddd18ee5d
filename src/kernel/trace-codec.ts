import type { EventId, EventKind, FieldValue, Micros } from './api.ts';

/**
 * The trace's compact form, which is hashed and from which older events are read back. An event is: time since the
 * event before it in the block, node, kind, distance to the cause (0: none), count of values, values. Whole numbers are
 * varints. A text is written out where it first occurs and by its number later.
 */
const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const WHOLE = 3;
const NEGATIVE = 4;
const FLOAT = 5;
const TEXT = 6;
const NEW_TEXT = 7;
const LONG_TEXT = 8;
const LIST = 9;
/** Tags from here on are small whole numbers themselves. */
const SMALL = 16;
const SMALL_LIMIT = 256 - SMALL;

/** Past these, a text is written out each time: one-off messages must not fill the table. */
const MAX_TEXTS = 200_000;
const MAX_TEXT_LENGTH = 120;

/** Size at which a block is full; the event that fills it may reach past that. */
const BLOCK_BYTES = 64 * 1024;
const SLACK_BYTES = 4 * 1024;

/** A name that stands for a node or a kind, and its number once it was written. */
export interface Named {
  readonly name: string;
  number: number;
}

export interface NamedKind extends Named {
  readonly kind: EventKind;
}

/** Texts, nodes and kinds by number, for the whole trace. */
export class TraceTables {
  readonly texts: string[] = [];
  readonly numberOfText = new Map<string, number>();
  readonly nodes: Named[] = [];
  readonly kinds: NamedKind[] = [];
}

/** One block of encoded events. */
export interface TraceBlock {
  readonly firstId: EventId;
  /** Id after the last. */
  endId: EventId;
  readonly startUs: Micros;
  /** How many nodes and kinds had numbers before this block: the next number is followed by its name. */
  readonly nodesBefore: number;
  readonly kindsBefore: number;
  bytes: Uint8Array;
  length: number;
}

const floatView = new DataView(new ArrayBuffer(8));

/** Appends events to a block. */
export class BlockWriter {
  block: TraceBlock;
  private bytes: Uint8Array;
  private position = 0;
  private latestUs: Micros;
  private readonly tables: TraceTables;
  private readonly blockBytes: number;

  constructor(tables: TraceTables, firstId: EventId, startUs: Micros, blockBytes = BLOCK_BYTES) {
    this.tables = tables;
    this.blockBytes = blockBytes;
    this.bytes = new Uint8Array(blockBytes + SLACK_BYTES);
    this.block = this.begin(firstId, startUs);
    this.latestUs = startUs;
  }

  get full(): boolean {
    return this.position >= this.blockBytes;
  }

  /** Ends the block and begins the next; a buffer that is not needed any more may be given for it. */
  next(firstId: EventId, startUs: Micros, buffer: Uint8Array | undefined): TraceBlock {
    const ended = this.sealed();
    this.bytes = buffer ?? new Uint8Array(this.blockBytes + SLACK_BYTES);
    this.block = this.begin(firstId, startUs);
    this.position = 0;
    this.latestUs = startUs;
    return ended;
  }

  /** The block as it stands. */
  sealed(): TraceBlock {
    this.block.bytes = this.bytes;
    this.block.length = this.position;
    return this.block;
  }

  write(atUs: Micros, node: Named, kind: NamedKind, causeDistance: number, values: readonly FieldValue[]): void {
    if (this.position + 64 > this.bytes.length) this.grow(64);
    this.varint(atUs - this.latestUs);
    this.latestUs = atUs;
    this.named(node, this.tables.nodes);
    this.named(kind, this.tables.kinds);
    this.varint(causeDistance);
    this.varint(values.length);
    for (let index = 0; index < values.length; index++) this.value(values[index]!);
    this.block.endId += 1;
  }

  private begin(firstId: EventId, startUs: Micros): TraceBlock {
    const { nodes, kinds } = this.tables;
    return {
      firstId,
      endId: firstId,
      startUs,
      nodesBefore: nodes.length,
      kindsBefore: kinds.length,
      bytes: this.bytes,
      length: 0,
    };
  }

  private named<N extends Named>(named: N, table: N[]): void {
    if (named.number >= 0) {
      this.varint(named.number);
      return;
    }
    named.number = table.length;
    table.push(named);
    this.varint(named.number);
    this.text(named.name);
  }

  private value(value: FieldValue): void {
    if (this.position + 16 > this.bytes.length) this.grow(16);
    if (typeof value === 'number') this.number(value);
    else if (typeof value === 'string') this.string(value);
    else if (value === null) this.bytes[this.position++] = NULL;
    else if (value === false) this.bytes[this.position++] = FALSE;
    else if (value === true) this.bytes[this.position++] = TRUE;
    else {
      this.bytes[this.position++] = LIST;
      this.varint(value.length);
      for (let index = 0; index < value.length; index++) this.value(value[index]!);
    }
  }

  private number(value: number): void {
    if (value >= 0 && value < SMALL_LIMIT && (value | 0) === value) {
      this.bytes[this.position++] = SMALL + value;
    } else if (Number.isSafeInteger(value)) {
      this.bytes[this.position++] = value >= 0 ? WHOLE : NEGATIVE;
      this.varint(value >= 0 ? value : -value);
    } else {
      this.bytes[this.position++] = FLOAT;
      floatView.setFloat64(0, value);
      for (let byte = 0; byte < 8; byte++) this.bytes[this.position++] = floatView.getUint8(byte);
    }
  }

  private string(value: string): void {
    const tables = this.tables;
    const number = tables.numberOfText.get(value);
    if (number !== undefined) {
      this.bytes[this.position++] = TEXT;
      this.varint(number);
    } else if (value.length <= MAX_TEXT_LENGTH && tables.texts.length < MAX_TEXTS) {
      tables.numberOfText.set(value, tables.texts.length);
      tables.texts.push(value);
      this.bytes[this.position++] = NEW_TEXT;
      this.text(value);
    } else {
      this.bytes[this.position++] = LONG_TEXT;
      this.text(value);
    }
  }

  /** Length and UTF-16 code units; a unit is one varint, so that plain text takes a byte a letter. */
  private text(text: string): void {
    this.grow(text.length * 3 + 16);
    this.varint(text.length);
    for (let index = 0; index < text.length; index++) this.varint(text.charCodeAt(index));
  }

  private varint(value: number): void {
    const bytes = this.bytes;
    let rest = value;
    while (rest > 0x7fff_ffff) {
      bytes[this.position++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    let small = rest | 0;
    while (small > 0x7f) {
      bytes[this.position++] = (small & 0x7f) | 0x80;
      small >>>= 7;
    }
    bytes[this.position++] = small;
  }

  private grow(room: number): void {
    if (this.position + room <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.position + room));
    grown.set(this.bytes.subarray(0, this.position));
    this.bytes = grown;
  }
}

/** Reads the events of one block, one after another. */
export class BlockReader {
  atUs: Micros;
  node = 0;
  kind = 0;
  causeDistance = 0;
  values: FieldValue[] = [];
  private position = 0;
  private nodesKnown: number;
  private kindsKnown: number;
  private readonly block: TraceBlock;
  private readonly tables: TraceTables;

  constructor(block: TraceBlock, tables: TraceTables) {
    this.block = block;
    this.tables = tables;
    this.atUs = block.startUs;
    this.nodesKnown = block.nodesBefore;
    this.kindsKnown = block.kindsBefore;
  }

  next(): void {
    this.atUs += this.varint();
    this.node = this.varint();
    if (this.node === this.nodesKnown) {
      this.text();
      this.nodesKnown += 1;
    }
    this.kind = this.varint();
    if (this.kind === this.kindsKnown) {
      this.text();
      this.kindsKnown += 1;
    }
    this.causeDistance = this.varint();
    const count = this.varint();
    this.values = [];
    for (let index = 0; index < count; index++) this.values.push(this.value());
  }

  private value(): FieldValue {
    const tag = this.block.bytes[this.position++]!;
    switch (tag) {
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case WHOLE:
        return this.varint();
      case NEGATIVE:
        return -this.varint();
      case FLOAT:
        for (let byte = 0; byte < 8; byte++) floatView.setUint8(byte, this.block.bytes[this.position++]!);
        return floatView.getFloat64(0);
      case TEXT:
        return this.tables.texts[this.varint()]!;
      case NEW_TEXT:
      case LONG_TEXT:
        return this.text();
      case LIST:
        return this.list();
      default:
        return tag - SMALL;
    }
  }

  private list(): (string | number)[] {
    const count = this.varint();
    const items: (string | number)[] = [];
    for (let index = 0; index < count; index++) {
      const item = this.value();
      if (typeof item === 'string' || typeof item === 'number') items.push(item);
    }
    return items;
  }

  private text(): string {
    const length = this.varint();
    let text = '';
    for (let index = 0; index < length; index++) text += String.fromCharCode(this.varint());
    return text;
  }

  private varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.block.bytes[this.position++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
}
