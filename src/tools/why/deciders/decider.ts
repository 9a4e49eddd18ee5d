import type { Cluster } from '../../../cluster/cluster.ts';
import type { ClusterModel } from '../../../cluster/model/cluster-model.ts';
import type { Cause, Why } from '../telling.ts';

/** A value that is asked for. */
export interface Question {
  readonly name: string;
  readonly property: string;
  /** Of `errors(NAME)`. */
  readonly argument: string | undefined;
  /** Of `orders-0@2`. */
  readonly replica: number | undefined;
  readonly model: ClusterModel;
  readonly cluster: Cluster;
}

/** Finds the event, or the setting, that made a value what it is; undefined: none that is kept. */
export type Decider = (question: Question, why: Why) => Cause;
