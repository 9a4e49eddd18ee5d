/**
 * LZ4 frames (lz4_Frame_format.md) within the bounds of Kafka's Lz4BlockInputStream and Lz4BlockOutputStream: independent
 * blocks; written are blocks of 64 KiB without checksums. Checksums of blocks and content are passed over: the batch has its own.
 */
import type { CompressionCodec } from '../../protocol/ports.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import { compressLz4Block, decompressLz4Block, worstLz4Size } from './lz4-block.ts';
import { Output } from './output.ts';
import { shortXxHash32 } from './xx-hash.ts';

const MAGIC = [0x04, 0x22, 0x4d, 0x18];
/** Version 1, independent blocks, no checksums, no content size; blocks of 64 KiB. */
const FLAGS = 0x60;
const DESCRIPTOR = 0x40;
const BLOCK = 64 * 1024;
const STORED = 0x80000000;
const END_MARK = new Uint8Array(4);

const FLAG = {
  version: 0xc0,
  independent: 0x20,
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
} as const;

export const lz4: CompressionCodec = {
  id: 3,
  name: 'lz4',
  compress(bytes) {
    const blocks = Math.ceil(bytes.length / BLOCK);
    const output = new Output(11 + blocks * (4 + worstLz4Size(BLOCK)));
    output.bytes.set([...MAGIC, FLAGS, DESCRIPTOR, headerChecksum(Uint8Array.of(FLAGS, DESCRIPTOR))]);
    output.size = 7;
    for (let from = 0; from < bytes.length; from += BLOCK)
      writeBlock(bytes, from, Math.min(from + BLOCK, bytes.length), output);
    output.append(END_MARK, 0, END_MARK.length);
    return output.written();
  },
  decompress(bytes) {
    const header = readHeader(bytes);
    const output = new Output(bytes.length * 4);
    let at = header.size;
    for (;;) {
      const word = uint32At(bytes, at);
      at += 4;
      if (word === 0) break;
      const stored = word >= STORED;
      const length = stored ? word - STORED : word;
      if (length > bytes.length - at || length > header.blockSize)
        throw new MalformedMessage(`an LZ4 block of ${length} bytes`);
      const start = output.size;
      if (stored) output.append(bytes, at, at + length);
      else decompressLz4Block(bytes, at, at + length, output);
      if (output.size - start > header.blockSize)
        throw new MalformedMessage('an LZ4 block larger than its frame allows');
      at += length + (header.blockChecksum ? 4 : 0);
    }
    return output.written();
  },
};

/** A block that compression does not make smaller is stored as it is. */
function writeBlock(bytes: Uint8Array, from: number, to: number, output: Output): void {
  const lengthAt = output.size;
  output.reserve(4 + worstLz4Size(to - from));
  output.size += 4;
  compressLz4Block(bytes, from, to, output);
  let word = output.size - lengthAt - 4;
  if (word >= to - from) {
    output.size = lengthAt + 4;
    output.append(bytes, from, to);
    word = STORED + to - from;
  }
  for (let i = 0; i < 4; i++) output.bytes[lengthAt + i] = word / 2 ** (8 * i);
}

interface Header {
  readonly size: number;
  readonly blockSize: number;
  readonly blockChecksum: boolean;
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < 7 || MAGIC.some((byte, i) => bytes[i] !== byte)) throw new MalformedMessage('no LZ4 frame');
  const flags = bytes[4]!;
  const descriptor = bytes[5]!;
  if ((flags & FLAG.version) !== 0x40) throw new MalformedMessage(`an LZ4 frame of version ${flags >> 6}`);
  if ((flags & FLAG.independent) === 0) throw new MalformedMessage('an LZ4 frame of dependent blocks');
  if ((flags & 0x03) !== 0) throw new MalformedMessage('an LZ4 frame with flags that Kafka does not know');
  const size = descriptor >> 4;
  if (size < 4 || size > 7 || (descriptor & 0x0f) !== 0)
    throw new MalformedMessage(`an LZ4 frame of block size ${size}`);
  const end = 6 + ((flags & FLAG.contentSize) === 0 ? 0 : 8);
  if (bytes[end] !== headerChecksum(bytes.subarray(4, end)))
    throw new MalformedMessage('an LZ4 header checksum is wrong');
  return { size: end + 1, blockSize: 1 << (2 * size + 8), blockChecksum: (flags & FLAG.blockChecksum) !== 0 };
}

function headerChecksum(descriptor: Uint8Array): number {
  return (shortXxHash32(descriptor) >>> 8) & 0xff;
}

function uint32At(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new MalformedMessage('an LZ4 frame without its end');
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
