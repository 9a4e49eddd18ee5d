/**
 * Zstandard, by the WebAssembly in `@bokuweb/zstd-wasm`. The module is compiled and instantiated here, synchronously and when
 * first met: the package's own loader is asynchronous, and a world cannot wait. The zstd of newer versions of Node.js is not
 * used, so that a compressed batch has the same bytes, and a broken one the same fate, wherever a run is repeated.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CompressionCodec } from '../../protocol/ports.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import { MOST_DECOMPRESSED, tooLarge } from './output.ts';

const DEFAULT_LEVEL = 3;
/** A memory that has grown past this is given up after use. */
const LARGEST_KEPT = 32 << 20;
const PAGE = 65536;
/** `-ZSTD_error_dstSize_tooSmall`. */
const DESTINATION_TOO_SMALL = -70;

/** What of WebAssembly is used here: the library types that the compiler is given do not have it. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly RuntimeError: new (message: string) => Error;
}
const { Module, Instance, RuntimeError } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/** What the module exports (its names are those of the package's `zstd.js` at the version that package.json pins). */
interface Zstd {
  readonly memory: Memory;
  isError(code: number): number;
  compressBound(size: number): number;
  compress(to: number, capacity: number, from: number, size: number, level: number): number;
  decompress(to: number, capacity: number, from: number, size: number): number;
  malloc(size: number): number;
  free(at: number): void;
}

let compiled: object | undefined;
let instance: Zstd | undefined;

export const zstd: CompressionCodec = {
  id: 4,
  name: 'zstd',
  compress(bytes, level = DEFAULT_LEVEL) {
    return use((module) => {
      const capacity = module.compressBound(bytes.length);
      const result = withBuffers(module, bytes, capacity, (to, from) =>
        module.compress(to, capacity, from, bytes.length, level),
      );
      if (result === undefined) throw new RangeError('zstd needs more room than it said');
      return result;
    });
  },
  decompress(bytes) {
    return use((module) => {
      // Kafka's streams do not say their size: guess, and guess higher.
      for (let capacity = Math.max(PAGE, bytes.length * 4); ; capacity *= 4) {
        const bounded = Math.min(capacity, MOST_DECOMPRESSED);
        const result = withBuffers(module, bytes, bounded, (to, from) =>
          module.decompress(to, bounded, from, bytes.length),
        );
        if (result !== undefined) return result;
        if (bounded === MOST_DECOMPRESSED) throw tooLarge();
      }
    });
  },
};

/** A trap leaves the module in an unknown state: the next use gets a new one. */
function use<T>(work: (module: Zstd) => T): T {
  instance ??= instantiate();
  const module = instance;
  try {
    return work(module);
  } catch (thrown) {
    if (thrown instanceof MalformedMessage) throw thrown;
    instance = undefined;
    if (thrown instanceof RuntimeError) throw new MalformedMessage(`zstd: ${thrown.message}`);
    throw thrown;
  } finally {
    if (module.memory.buffer.byteLength > LARGEST_KEPT) instance = undefined;
  }
}

/** Undefined where the room was too small. */
function withBuffers(
  module: Zstd,
  bytes: Uint8Array,
  capacity: number,
  work: (to: number, from: number) => number,
): Uint8Array | undefined {
  const from = module.malloc(bytes.length);
  const to = module.malloc(capacity);
  try {
    if (to === 0 || from === 0) throw tooLarge();
    new Uint8Array(module.memory.buffer).set(bytes, from);
    const size = work(to, from);
    if (size === DESTINATION_TOO_SMALL) return undefined;
    if (module.isError(size) !== 0) throw new MalformedMessage(`zstd: error ${-size}`);
    return new Uint8Array(module.memory.buffer).slice(to, to + size);
  } finally {
    module.free(to);
    module.free(from);
  }
}

function instantiate(): Zstd {
  compiled ??= new Module(readFileSync(wasmPath()));
  let memory: Memory | undefined;
  const nothing = (): void => {};
  const fail = (): never => {
    throw new RuntimeError('aborted');
  };
  const grow = (size: number): number => {
    const wanted = (size >>> 0) - memory!.buffer.byteLength;
    try {
      memory!.grow(Math.ceil(wanted / PAGE));
      return 1;
    } catch {
      return 0;
    }
  };
  const imports = { a: { a: fail, b: nothing, c: fail, d: () => 0, e: grow } };
  const { exports } = new Instance(compiled, imports);
  const call = (name: string) => exports[name] as (...values: number[]) => number;
  memory = exports['f'] as Memory;
  call('g')();
  return {
    memory,
    isError: call('h'),
    compressBound: call('i'),
    compress: call('m'),
    decompress: call('r'),
    malloc: call('s'),
    free: call('t'),
  };
}

function wasmPath(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@bokuweb/zstd-wasm')), 'zstd.wasm');
}
