/** A broker is about to stop and hands over (KafkaController.doControlledShutdown). Partitions with one replica are left alone. */
import {
  ControlledShutdown,
  type ControlledShutdownRequest,
  type ControlledShutdownResponse,
} from '../../../../protocol/apis/07-controlled-shutdown.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import { authorityEvents } from '../../../index.ts';
import type { Task } from '../task.ts';
import { bringOnline } from './partition-machine.ts';
import type { ControllerParts } from './parts.ts';
import { makeOffline } from './replica-machine.ts';
import type { ControlledPartition } from './state.ts';

export function* handOver(
  parts: ControllerParts,
  { brokerId, brokerEpoch }: ControlledShutdownRequest,
): Task<ControlledShutdownResponse> {
  const { state, batch, context } = parts;
  const broker = state.brokers.get(brokerId);
  const refuse = (errorCode: number) => ControlledShutdown.response.make({ errorCode, remainingPartitions: [] });
  if (broker === undefined) return refuse(ErrorCode.BROKER_ID_NOT_REGISTERED);
  if (brokerEpoch < broker.epoch) return refuse(ErrorCode.STALE_BROKER_EPOCH);
  if (!state.shuttingDown.has(brokerId)) {
    state.shuttingDown.add(brokerId);
    context.cause = context.emit(authorityEvents['broker-shutting-down'], [broker.epoch, brokerId]);
  }
  const concerned = state
    .partitionsOn(brokerId)
    .filter(
      ({ replicas, leadership, topic }) => replicas.length > 1 && leadership !== null && !state.isDeleting(topic),
    );
  const leads = ({ leadership }: ControlledPartition): boolean => leadership?.leader === brokerId;
  const led = concerned.filter(leads);
  const followed = concerned.filter((partition) => !leads(partition));
  yield* bringOnline(parts, led, { kind: 'controlled-shutdown' });
  batch.send();
  // The broker gets this before the news that others lead without it, so that it does not begin to fetch.
  for (const partition of followed) batch.addStopReplica(brokerId, partition, 'keep');
  batch.send();
  yield* makeOffline(
    parts,
    followed.map((partition) => ({ partition, brokerId })),
  );
  batch.send();
  return ControlledShutdown.response.make({
    remainingPartitions: concerned
      .filter(leads)
      .map(({ topic, partition }) => ({ topicName: topic, partitionIndex: partition })),
  });
}
