/**
 * A fixture for vitest: `import { test } from 'kzsim/vitest'`. Each worker has one cluster on free ports, started when the first test asks for
 * it, and emptied before each later one.
 */
import { test as base } from 'vitest';
import type { KafkaCluster, StartOptions } from './api.ts';
import { startCluster } from './start-cluster.ts';

export interface ClusterFixtures {
  /** Empty at the start of each test. */
  readonly cluster: KafkaCluster;
}

/** A `test` whose clusters are like this. Time-outs are short unless the options say otherwise: a failover takes about a second. */
export function clusterTest(options: StartOptions = {}) {
  return base.extend<{ cluster: KafkaCluster; $worker: { cluster: KafkaCluster; used: boolean } }>({
    $worker: [
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that are asked for from this pattern
      async ({}, use) => {
        const cluster = await startCluster({ timers: 'fast', ...options });
        await use({ cluster, used: false });
        await cluster.stop();
      },
      { scope: 'worker' },
    ],
    cluster: async ({ $worker }, use) => {
      if ($worker.used) await $worker.cluster.reset();
      $worker.used = true;
      await use($worker.cluster);
    },
  });
}

export const test = clusterTest();
