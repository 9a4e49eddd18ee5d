/** BrokerHeartbeat (63), fencing and controlled shutdown: the life of a registered broker. */
import type { BrokerHeartbeatRequest } from '../../../protocol/apis/63-broker-heartbeat.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { BrokerRegistration } from '../metadata/cluster-metadata.ts';
import type { BrokerRegistrationChangeRecord, MetadataRecord } from '../metadata/records.ts';
import { electWith, leadsAny, removeFromIsrs } from './partitions.ts';
import type { ControllerState, Decision } from './state.ts';

export type BrokerLifeState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shutdown-now';

export interface HeartbeatAnswer {
  readonly errorCode: number;
  readonly isCaughtUp: boolean;
  readonly isFenced: boolean;
  readonly shouldShutDown: boolean;
  readonly next: BrokerLifeState;
}

export function decideHeartbeat(state: ControllerState, request: BrokerHeartbeatRequest): Decision<HeartbeatAnswer> {
  const broker = state.metadata.brokers.get(request.brokerId);
  if (broker === undefined || broker.epoch !== request.brokerEpoch) {
    const errorCode = ErrorCode.STALE_BROKER_EPOCH;
    const response = { errorCode, isCaughtUp: false, isFenced: true, shouldShutDown: false, next: 'fenced' } as const;
    return { records: [], reason: '', response };
  }
  const current = lifeStateOf(broker);
  const next = nextState(state, broker, current, request);
  return {
    records: recordsFor(state, broker, current, next),
    reason: reasonFor(current, next),
    response: {
      errorCode: ErrorCode.NONE,
      isCaughtUp: request.currentMetadataOffset >= broker.epoch,
      isFenced: next === 'fenced' || next === 'shutdown-now',
      shouldShutDown: next === 'shutdown-now',
      next,
    },
  };
}

/** What the controller remembers of a heartbeat once its records (the last at `lastOffset`) are decided. */
export function noteHeartbeat(
  state: ControllerState,
  request: BrokerHeartbeatRequest,
  answer: HeartbeatAnswer,
  lastOffset: number,
): void {
  if (answer.errorCode !== ErrorCode.NONE) return;
  const { heartbeats } = state;
  const { brokerId } = request;
  heartbeats.note(brokerId, request.currentMetadataOffset);
  if (answer.next === 'fenced') heartbeats.setShutdownOffset(brokerId, -1);
  else if (answer.next === 'controlled-shutdown' && heartbeats.shutdownOffset(brokerId) < 0) {
    heartbeats.setShutdownOffset(brokerId, lastOffset);
  }
}

/** A broker whose session is over, and what fences it (nothing, if it is fenced or unknown). */
export interface StaleBroker extends Decision<null> {
  readonly brokerId: number;
}

/** The sweep of stale brokers, one at a time. Null if every session is alive. */
export function decideStaleBroker(state: ControllerState, nowMs: number): StaleBroker | null {
  const brokerId = state.heartbeats.nextExpired(nowMs);
  return brokerId === undefined ? null : decideFencing(state, brokerId);
}

export function decideFencing(state: ControllerState, brokerId: number): StaleBroker {
  const broker = state.metadata.brokers.get(brokerId);
  const records = broker === undefined || broker.fenced ? [] : fence(state, broker);
  return { records, reason: 'session-expired', response: null, brokerId };
}

function lifeStateOf(broker: BrokerRegistration): BrokerLifeState {
  if (broker.fenced) return 'fenced';
  return broker.inControlledShutdown ? 'controlled-shutdown' : 'unfenced';
}

function nextState(
  state: ControllerState,
  broker: BrokerRegistration,
  current: BrokerLifeState,
  request: BrokerHeartbeatRequest,
): BrokerLifeState {
  switch (current) {
    case 'fenced':
      if (request.wantShutDown) return 'shutdown-now';
      return !request.wantFence && request.currentMetadataOffset >= broker.epoch ? 'unfenced' : 'fenced';
    case 'unfenced':
      if (request.wantFence) return request.wantShutDown ? 'shutdown-now' : 'fenced';
      if (!request.wantShutDown) return 'unfenced';
      return leadsAny(state, broker.id) ? 'controlled-shutdown' : 'shutdown-now';
    default:
      return mayLeave(state, broker.id) ? 'shutdown-now' : 'controlled-shutdown';
  }
}

/** It may go once it leads nothing and every active broker has seen its leaders move. */
function mayLeave(state: ControllerState, brokerId: number): boolean {
  if (leadsAny(state, brokerId)) return false;
  let lowestActiveOffset = Number.MAX_SAFE_INTEGER;
  for (const broker of state.metadata.brokers.values()) {
    if (broker.fenced || broker.inControlledShutdown) continue;
    lowestActiveOffset = Math.min(lowestActiveOffset, state.heartbeats.metadataOffset(broker.id));
  }
  return state.heartbeats.shutdownOffset(brokerId) <= lowestActiveOffset;
}

function recordsFor(
  state: ControllerState,
  broker: BrokerRegistration,
  current: BrokerLifeState,
  next: BrokerLifeState,
): readonly MetadataRecord[] {
  switch (next) {
    case 'unfenced':
      if (current === 'unfenced') return [];
      return [registrationChange(broker, { fenced: -1, inControlledShutdown: 0 }), ...electWith(state, broker.id)];
    case 'controlled-shutdown': {
      const announced = registrationChange(broker, { fenced: 0, inControlledShutdown: 1 });
      const moved = removeFromIsrs(state, broker.id, 'clean');
      return current === 'controlled-shutdown' ? moved : [announced, ...moved];
    }
    default:
      return current === 'fenced' ? [] : fence(state, broker);
  }
}

/** Its partitions move first, then it is fenced. */
function fence(state: ControllerState, broker: BrokerRegistration): MetadataRecord[] {
  return [
    ...removeFromIsrs(state, broker.id, 'clean'),
    registrationChange(broker, { fenced: 1, inControlledShutdown: 0 }),
  ];
}

function registrationChange(
  broker: BrokerRegistration,
  change: { readonly fenced: number; readonly inControlledShutdown: number },
): BrokerRegistrationChangeRecord {
  return {
    kind: 'broker-registration-change',
    brokerId: broker.id,
    brokerEpoch: broker.epoch,
    ...change,
    logDirs: [],
  };
}

function reasonFor(current: BrokerLifeState, next: BrokerLifeState): string {
  switch (next) {
    case 'unfenced':
      return 'broker-unfenced';
    case 'fenced':
      return 'broker-asked-to-be-fenced';
    case 'controlled-shutdown':
      return 'controlled-shutdown';
    case 'shutdown-now':
      return current === 'controlled-shutdown' ? 'controlled-shutdown-complete' : 'broker-shut-down';
  }
}
