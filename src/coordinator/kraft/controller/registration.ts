/** BrokerRegistration (62): a broker is known from here on, fenced at first (ClusterControlManager.registerBroker). */
import type { BrokerRegistrationRequest } from '../../../protocol/apis/62-broker-registration.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { METADATA_VERSION } from '../../features.ts';
import type { MetadataRecord, RegisterBrokerRecord } from '../metadata/records.ts';
import { removeFromIsrs } from './partitions.ts';
import type { ControllerState, Decision } from './state.ts';

export interface RegistrationAnswer {
  readonly errorCode: number;
  readonly brokerEpoch: number;
}

export function decideRegistration(
  state: ControllerState,
  request: BrokerRegistrationRequest,
  nowMs: number,
): Decision<RegistrationAnswer> {
  const errorCode = validate(state, request, nowMs);
  if (errorCode !== ErrorCode.NONE) return { records: [], reason: '', response: { errorCode, brokerEpoch: -1 } };
  const previous = state.metadata.brokers.get(request.brokerId);
  const isNew = previous === undefined || previous.incarnationId !== request.incarnationId;
  const brokerEpoch = isNew ? state.nextOffset : previous.epoch;
  const registration: RegisterBrokerRecord = {
    kind: 'register-broker',
    brokerId: request.brokerId,
    incarnationId: request.incarnationId,
    brokerEpoch,
    endPoints: request.listeners,
    features: request.features,
    rack: request.rack,
    fenced: isNew || previous.fenced,
    inControlledShutdown: !isNew && previous.inControlledShutdown,
    logDirs: request.logDirs,
  };
  const records: MetadataRecord[] = [];
  if (isNew && previous !== undefined) {
    const stoppedCleanly = request.previousBrokerEpoch === previous.epoch;
    records.push(...removeFromIsrs(state, request.brokerId, stoppedCleanly ? 'clean' : 'unclean'));
  }
  records.push(registration);
  return { records, reason: 'broker-registered', response: { errorCode: ErrorCode.NONE, brokerEpoch } };
}

function validate(state: ControllerState, request: BrokerRegistrationRequest, nowMs: number): number {
  const { config, metadata, heartbeats } = state;
  if (request.clusterId !== config.clusterId) return ErrorCode.INCONSISTENT_CLUSTER_ID;
  const previous = metadata.brokers.get(request.brokerId);
  if (previous !== undefined && previous.incarnationId !== request.incarnationId) {
    // The old process may still be alive: its session has to run out first.
    if (heartbeats.hasValidSession(request.brokerId, previous.epoch, nowMs)) {
      return ErrorCode.DUPLICATE_BROKER_REGISTRATION;
    }
  }
  if (request.isMigratingZkBroker) return ErrorCode.BROKER_ID_NOT_REGISTERED;
  if (!ownsItsDirectories(state, request)) return ErrorCode.INVALID_REGISTRATION;
  for (const [name, level] of metadata.features) {
    const range = request.features.find((feature) => feature.name === name);
    if (range === undefined && name === METADATA_VERSION) return ErrorCode.INVALID_REGISTRATION;
    if (range === undefined) continue;
    if (level < range.minSupportedVersion || level > range.maxSupportedVersion) return ErrorCode.UNSUPPORTED_VERSION;
  }
  return ErrorCode.NONE;
}

function ownsItsDirectories(state: ControllerState, request: BrokerRegistrationRequest): boolean {
  const { logDirs } = request;
  if (logDirs.length === 0 || new Set(logDirs).size !== logDirs.length) return false;
  for (const broker of state.metadata.brokers.values()) {
    if (broker.id !== request.brokerId && broker.directories.some((id) => logDirs.includes(id))) return false;
  }
  return true;
}
