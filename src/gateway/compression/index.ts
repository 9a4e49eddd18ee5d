import type { Compression, CompressionCodec } from '../../protocol/ports.ts';
import { gzip } from './gzip.ts';
import { lz4 } from './lz4.ts';
import { snappy } from './snappy.ts';
import { zstd } from './zstd.ts';

const CODECS: readonly (CompressionCodec | undefined)[] = [undefined, gzip, snappy, lz4, zstd];

/** The four codecs of Kafka. What a codec needs of a library is loaded when it is first used. */
export const compression: Compression = { codec: (id) => CODECS[id] };
