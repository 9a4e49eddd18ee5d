import type { ReplicaLog } from '../batches.ts';
import type { Invariant } from '../invariant.ts';

/** I4 of fidelity.md. */
export const watermarksOrdered: Invariant = {
  name: 'watermarks-ordered',
  about: 'On each replica: log start ≤ high watermark ≤ log end.',
  attach({ logs, check }) {
    const disorder = ({ partition, node, startOffset, highWatermark, endOffset }: ReplicaLog): string | null =>
      startOffset <= highWatermark && highWatermark <= endOffset
        ? null
        : `${partition} at ${node}: start ${startOffset}, high watermark ${highWatermark}, end ${endOffset}`;
    logs.listen({
      onHighWatermark: (log, _before, event) => check(event, disorder(log)),
      onTruncate: (log, _removed, event) => check(event, disorder(log)),
    });
  },
};
