import type { KafkaCluster, StartOptions } from './api.ts';
import { readMemory, readOptions } from './read-options.ts';
import { RunningCluster } from './running-cluster.ts';
import { verbCalls } from './verb-calls.ts';

/**
 * Starts a cluster in this process, ready for clients. Rejects with `ClusterOptionsError` for options that say no cluster, and with
 * `ListenError` where a port is taken.
 */
export async function startCluster(options: StartOptions = {}): Promise<KafkaCluster> {
  const plan = readOptions(options);
  const cluster = { ...plan.cluster, partitionMemoryBytes: readMemory(options.partitionMemory) };
  const running = await RunningCluster.start({ ...plan, cluster }, options);
  const { run, bootstrapServers, mode, seed } = running;
  const verbs = verbCalls(run);
  const stop = (): Promise<void> => running.stop();
  return {
    ...verbs,
    mode,
    seed,
    bootstrapServers,
    bootstrapServer: bootstrapServers.join(','),
    run,
    expect: (expression) => running.expect(expression),
    value: (expression) => running.value(expression),
    settle: () => running.settle(),
    ledger: () => running.ledger(),
    events: (filter) => running.events(filter),
    // One name, two meanings, told apart by whether there is an argument: the verb's, and the cluster's.
    reset: ((options?: Parameters<typeof verbs.reset>[0]) =>
      options === undefined ? running.reset() : verbs.reset(options)) as KafkaCluster['reset'],
    stop: ((...given: [] | Parameters<typeof verbs.stop>) =>
      given[0] === undefined
        ? stop()
        : verbs.stop(...(given as Parameters<typeof verbs.stop>))) as KafkaCluster['stop'],
    [Symbol.asyncDispose]: stop,
  };
}
