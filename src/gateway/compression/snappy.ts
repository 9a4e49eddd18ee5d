/**
 * Snappy as Kafka has it: Java's clients write the stream of xerial's snappy-java (a header, then blocks of 32 KiB with their
 * lengths), librdkafka and others one raw block. Both are read; written is xerial's.
 */
import { int32At, putInt32 } from '../../protocol/big-endian.ts';
import type { CompressionCodec } from '../../protocol/ports.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import { Output } from './output.ts';
import { compressSnappyBlock, decompressSnappyBlock, worstSnappySize } from './snappy-block.ts';

const MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00];
const HEADER_SIZE = 16;
const VERSION = 1;
const BLOCK = 32 * 1024;

export const snappy: CompressionCodec = {
  id: 2,
  name: 'snappy',
  compress(bytes) {
    const blocks = Math.ceil(bytes.length / BLOCK);
    const output = new Output(HEADER_SIZE + blocks * (4 + worstSnappySize(BLOCK)));
    output.bytes.set(MAGIC);
    putInt32(output.bytes, 8, VERSION);
    putInt32(output.bytes, 12, VERSION);
    output.size = HEADER_SIZE;
    for (let from = 0; from < bytes.length; from += BLOCK) {
      const lengthAt = output.size;
      output.reserve(4);
      output.size += 4;
      compressSnappyBlock(bytes, from, Math.min(from + BLOCK, bytes.length), output);
      putInt32(output.bytes, lengthAt, output.size - lengthAt - 4);
    }
    return output.written();
  },
  decompress(bytes) {
    const output = new Output(bytes.length * 4);
    if (MAGIC.every((byte, i) => bytes[i] === byte)) decompressStream(bytes, output);
    else decompressSnappyBlock(bytes, 0, bytes.length, output);
    return output.written();
  },
};

function decompressStream(bytes: Uint8Array, output: Output): void {
  if (bytes.length < HEADER_SIZE) throw new MalformedMessage('a Snappy stream that ends in its header');
  for (let at = HEADER_SIZE; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw new MalformedMessage('a Snappy stream that ends in the length of a block');
    const length = int32At(bytes, at);
    at += 4;
    if (length < 0 || length > bytes.length - at) throw new MalformedMessage(`a Snappy block of ${length} bytes`);
    decompressSnappyBlock(bytes, at, at + length, output);
    at += length;
  }
}
