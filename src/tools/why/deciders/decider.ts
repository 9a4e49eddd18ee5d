import type { Cluster } from '../../../cluster/cluster.ts';
import type { ClusterModel } from '../../../cluster/model/cluster-model.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import type { Cause, Decision, Why } from '../telling.ts';

/** A value that is asked for. */
export interface Question {
  readonly name: string;
  readonly property: string;
  /** Of `errors(NAME)`. */
  readonly args: readonly string[];
  /** Of `orders-0@2`. */
  readonly replica: number | undefined;
  readonly model: ClusterModel;
  readonly cluster: Cluster;
}

/** Finds the event, or the setting, that made a value what it is; undefined: none that is kept. */
export type Decider = (question: Question, why: Why) => Cause | Decision;

/** An event after all others. */
export const NOW = { id: Number.MAX_SAFE_INTEGER } as TraceEvent;

export function decided(found: Cause | Decision): Decision {
  if (found === undefined) return { causes: [] };
  return 'causes' in found ? found : { causes: [found] };
}

/** Several causes, as far as there are any. */
export function all(...causes: readonly Cause[]): Decision['causes'] {
  return causes.flatMap((cause) => (cause === undefined ? [] : [cause]));
}

export function remarked(found: Cause | Decision, remark: string | undefined): Decision {
  return { causes: decided(found).causes, remark };
}
