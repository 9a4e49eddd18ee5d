import { baseSequence, completeBatchSize, producerEpoch, producerId } from '../protocol/batch-header.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { AppendResult } from './api.ts';
import type { Appending, ProducerState } from './producer-state.ts';
import { rejection } from './rejection.ts';

interface Append extends Appending {
  /** Of the log. */
  readonly name: string;
}

/** The duplicate or the error that batches of producers are answered with; undefined if they are to be written. */
export function checkProducers(producers: ProducerState, bytes: Uint8Array, append: Append): AppendResult | undefined {
  for (let at = 0; ; ) {
    const size = completeBatchSize(bytes, at, bytes.length);
    if (size === 0) return undefined;
    if (producerId(bytes, at) >= 0) {
      const answered = checkBatch(producers, bytes, at, append);
      if (answered !== undefined) return answered;
    }
    at += size;
  }
}

function checkBatch(producers: ProducerState, bytes: Uint8Array, at: number, append: Append): AppendResult | undefined {
  const original = append.origin === 'client' ? producers.repeated(bytes, at) : undefined;
  if (original !== undefined) {
    const { lastOffset, offsetDelta, timestampMs } = original;
    return { kind: 'duplicate', baseOffset: lastOffset - offsetDelta, lastOffset, logAppendTimeMs: timestampMs };
  }
  const error = producers.check(bytes, at, append);
  if (error === ErrorCode.NONE) return undefined;
  const known = producers.get(producerId(bytes, at));
  const message =
    `${append.name}: producer ${producerId(bytes, at)} sent epoch ${producerEpoch(bytes, at)}, sequence ` +
    `${baseSequence(bytes, at)}; known are epoch ${known?.epoch ?? -1}, sequence ${known?.lastSequence ?? -1}`;
  return rejection(error, message);
}
