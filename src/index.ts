/** The library: see docs/library.md. */
export type {
  BrokerShape,
  ClusterEvent,
  EventFilter,
  KafkaCluster,
  LedgerCounts,
  Mode,
  PlayOptions,
  StartOptions,
  TopicShape,
  Value,
  VerbResult,
} from './library/api.ts';
export { ClusterAssertionError, ClusterCommandError, ClusterOptionsError } from './library/errors.ts';
export { playScenario } from './library/play-scenario.ts';
export { startCluster } from './library/start-cluster.ts';
