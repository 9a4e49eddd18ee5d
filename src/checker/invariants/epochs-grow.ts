import { authorityEvents } from '../../coordinator/index.ts';
import type { Invariant } from '../invariant.ts';

/** I5 of fidelity.md. Decisions are told with a growing version; one that is told again is not looked at twice. */
export const epochsGrow: Invariant = {
  name: 'epochs-grow',
  about: 'Leader and partition epochs per topic id, broker epochs per broker, and controller epochs never decrease.',
  attach({ trace, check }) {
    const partitions = new Map<string, { version: number; leaderEpoch: number; partitionEpoch: number }>();
    trace.subscribe([authorityEvents['partition-changed']], ({ id, values }) => {
      const [version, name, topicId, , leaderEpoch, partitionEpoch] = values;
      const key = `${topicId} ${name}`;
      const known = partitions.get(key);
      if (known !== undefined && known.version >= (version as number)) return;
      const back =
        known !== undefined &&
        ((leaderEpoch as number) < known.leaderEpoch || (partitionEpoch as number) <= known.partitionEpoch);
      check(
        id,
        back
          ? `${name}: from leader epoch ${known.leaderEpoch}, partition epoch ${known.partitionEpoch} to ${leaderEpoch}, ${partitionEpoch}`
          : null,
      );
      partitions.set(key, {
        version: version as number,
        leaderEpoch: leaderEpoch as number,
        partitionEpoch: partitionEpoch as number,
      });
    });
    const brokers = new Map<number, { version: number; epoch: number }>();
    trace.subscribe([authorityEvents['broker-registered']], ({ id, values: [version, broker, epoch] }) => {
      const known = brokers.get(broker as number);
      if (known !== undefined && known.version >= (version as number)) return;
      const back = known !== undefined && (epoch as number) <= known.epoch;
      check(id, back ? `broker ${broker}: from broker epoch ${known.epoch} to ${epoch}` : null);
      brokers.set(broker as number, { version: version as number, epoch: epoch as number });
    });
    let controller = { node: '', epoch: -1 };
    trace.subscribe([authorityEvents['controller-elected']], ({ id, values: [node, epoch] }) => {
      const back = (epoch as number) < controller.epoch || (epoch === controller.epoch && node !== controller.node);
      check(
        id,
        back ? `controller ${node} with epoch ${epoch} after ${controller.node} with ${controller.epoch}` : null,
      );
      controller = { node: node as string, epoch: epoch as number };
    });
  },
};
