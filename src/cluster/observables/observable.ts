/**
 * What an observable is: a value that the trace tells about the cluster. One table a subject in this folder; the resolver, the
 * completion, the validation and the page in `docs/` come from these tables.
 */
import type { Value, ValueType } from '../expression/value.ts';
import type { Domain } from '../model/changes.ts';
import type { ClusterModel } from '../model/cluster-model.ts';
import type { Mode } from '../options.ts';

export type SubjectKind =
  | 'partition'
  | 'topic'
  | 'cluster'
  | 'controller'
  | 'quorum'
  | 'node'
  | 'znode'
  | 'producer'
  | 'real client'
  | 'group'
  | 'transaction'
  | 'ledger';

/** Whose value: a name, and for partitions perhaps the replica that is asked instead of the authority. */
export interface Subject {
  readonly name: string;
  readonly replica: number | undefined;
}

export interface Observable {
  /** As written behind the dot. */
  readonly name: string;
  readonly type: ValueType;
  readonly about: string;
  readonly domains: readonly Domain[];
  readonly modes?: readonly Mode[];
  /** Takes arguments in parentheses: least and most. */
  readonly args?: readonly [number, number];
  /** Only under `finally`. */
  readonly finallyOnly?: boolean;
  /** Accepts `@2`: what broker 2 believes. */
  readonly atReplica?: boolean;
  read(model: ClusterModel, subject: Subject, args: readonly string[]): Value;
}

export type ObservableTable = readonly Observable[];
