/**
 * gzip. Reading is zlib's, which gives the same bytes everywhere; writing is fflate's, because zlib's output differs between
 * processors and versions of Node.js, and what a broker or a simulated producer writes is seen in the trace (sizes, checksums).
 */
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import type { CompressionCodec } from '../../protocol/ports.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import { MOST_DECOMPRESSED, tooLarge } from './output.ts';

/** zlib's own choice, where Kafka's `compression.gzip.level` is -1. */
const DEFAULT_LEVEL = 6;

type Fflate = typeof import('fflate');
let fflate: Fflate | undefined;

export const gzip: CompressionCodec = {
  id: 1,
  name: 'gzip',
  compress(bytes, level = -1) {
    fflate ??= createRequire(import.meta.url)('fflate') as Fflate;
    return fflate.gzipSync(bytes, { level: levelOf(level), mtime: 0 });
  },
  decompress(bytes) {
    try {
      return gunzipSync(bytes, { maxOutputLength: MOST_DECOMPRESSED });
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown;
      if ('code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
      throw new MalformedMessage(`gzip: ${thrown.message}`);
    }
  },
};

function levelOf(level: number): 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 {
  return (level < 0 || level > 9 ? DEFAULT_LEVEL : level) as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
}
