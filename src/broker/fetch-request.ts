import type { FetchRequest } from '../protocol/apis/01-fetch.ts';

/** Who fetches: a broker id, or -1 (a consumer). Since version 15 it stands in the replica state (KIP-903). */
export function replicaIdOf(request: FetchRequest, version: number): number {
  return version >= 15 ? request.replicaState.replicaId : request.replicaId;
}

/** Incarnation of the fetching broker; -1 where the version does not carry it. */
export function replicaEpochOf(request: FetchRequest, version: number): number {
  return version >= 15 ? request.replicaState.replicaEpoch : -1;
}
