/** Brokers that come and go (KafkaController.processBrokerChange). */
import { zookeeperModeEvents } from '../events.ts';
import type { Task } from '../task.ts';
import { readBrokers } from './failover.ts';
import { bringOnline, markOffline, OFFLINE_ELECTION, triggerOnline } from './partition-machine.ts';
import type { ControllerParts } from './parts.ts';
import { resumeReassignmentsTo } from './reassignment.ts';
import { makeOffline, makeOnline } from './replica-machine.ts';
import type { LiveBroker } from './state.ts';
import { failDeletion, resumeDeletionsOn } from './topic-deletion.ts';

/** Compares the list with what was known: several changes may have come together, and a broker may have gone and come back. */
export function* processBrokerChange(parts: ControllerParts): Task<void> {
  const { zk, state, senders, context } = parts;
  const before = state.brokers;
  const now = yield* readBrokers(zk);
  const started = [...now.values()].filter(({ id }) => !before.has(id));
  const bounced = [...now.values()].filter(({ id, epoch }) => {
    const known = before.get(id);
    return known !== undefined && epoch > known.epoch;
  });
  const failed = [...before.keys()].filter((id) => !now.has(id));
  if (started.length + bounced.length + failed.length === 0) return;
  context.cause = context.emit(zookeeperModeEvents['broker-change-seen'], [
    started.map(({ id }) => id),
    failed,
    bounced.map(({ id }) => id),
  ]);
  for (const broker of started) senders.add(broker);
  for (const broker of bounced) {
    senders.remove(broker.id);
    senders.add(broker);
  }
  for (const id of failed) senders.remove(id);
  setBrokers(parts, [...before.values()], started);
  yield* onStartup(parts, started);
  if (bounced.length > 0) {
    const bouncedIds = bounced.map(({ id }) => id);
    const others = [...state.brokers.values()].filter(({ id }) => !bouncedIds.includes(id));
    setBrokers(parts, others, []);
    yield* onFailure(parts, bouncedIds);
    setBrokers(parts, others, bounced);
    yield* onStartup(parts, bounced);
  }
  if (failed.length > 0) {
    setBrokers(
      parts,
      [...state.brokers.values()].filter(({ id }) => !failed.includes(id)),
      [],
    );
    yield* onFailure(parts, failed);
  }
}

function setBrokers({ state }: ControllerParts, some: readonly LiveBroker[], others: readonly LiveBroker[]): void {
  const sorted = [...some, ...others].sort((a, b) => a.id - b.id);
  state.brokers = new Map(sorted.map((broker) => [broker.id, broker]));
}

/** Brokers are told everything; partitions that waited for them may have a leader now. */
function* onStartup(parts: ControllerParts, brokers: readonly LiveBroker[]): Task<void> {
  if (brokers.length === 0) return;
  const { state, batch } = parts;
  const ids = brokers.map(({ id }) => id);
  const existing = [...state.brokers.keys()].filter((id) => !ids.includes(id));
  batch.addUpdateMetadata(existing, []);
  batch.send();
  batch.addUpdateMetadata(ids, state.partitions());
  batch.send();
  const replicas = ids.flatMap((brokerId) =>
    state.partitionsOn(brokerId).map((partition) => ({ partition, brokerId })),
  );
  makeOnline(
    parts,
    replicas.filter(({ partition }) => !state.isDeleting(partition.topic)),
  );
  batch.send();
  yield* triggerOnline(parts);
  batch.send();
  yield* resumeReassignmentsTo(parts, ids);
  yield* resumeDeletionsOn(parts, replicas);
}

/** Their partitions get other leaders first; then they leave every ISR. */
function* onFailure(parts: ControllerParts, ids: readonly number[]): Task<void> {
  const { state, batch } = parts;
  for (const id of ids) state.shuttingDown.delete(id);
  const led = [...state.partitions()].filter(
    ({ leadership, topic }) => leadership !== null && ids.includes(leadership.leader) && !state.isDeleting(topic),
  );
  markOffline(led);
  yield* bringOnline(
    parts,
    [...state.partitions()].filter(
      ({ phase, topic }) => (phase === 'offline' || phase === 'new') && !state.isDeleting(topic),
    ),
    OFFLINE_ELECTION,
  );
  batch.send();
  const replicas = ids.flatMap((brokerId) =>
    state.partitionsOn(brokerId).map((partition) => ({ partition, brokerId })),
  );
  yield* makeOffline(
    parts,
    replicas.filter(({ partition }) => !state.isDeleting(partition.topic)),
  );
  batch.send();
  yield* failDeletion(
    parts,
    replicas.filter(({ partition }) => state.isDeleting(partition.topic)),
  );
  if (led.length === 0) {
    batch.addUpdateMetadata(state.brokers.keys(), []);
    batch.send();
  }
}

/** A broker's znode has other data: endpoints, a rack. */
export function* processBrokerModification(parts: ControllerParts): Task<void> {
  const { state, batch, zk } = parts;
  for (const [id, broker] of yield* readBrokers(zk)) if (state.brokers.has(id)) state.brokers.set(id, broker);
  batch.addUpdateMetadata(state.brokers.keys(), []);
  batch.send();
}
