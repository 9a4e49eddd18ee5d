/** Boots an idle cluster with so many partitions and says what memory it takes; a process of its own, started by cluster.ts. */
import { Cluster } from '../src/cluster/cluster.ts';
import { defaultClusterOptions } from '../src/cluster/options.ts';
import { hostPorts } from '../src/gateway/ports.ts';

export interface MemoryReport {
  readonly residentBytes: number;
  /** What the garbage collector leaves. */
  readonly liveBytes: number;
}

const partitions = Number(process.argv[2]);
const topic = { name: 'orders', partitions, replicationFactor: 3, assignment: undefined, config: {} };
const cluster = new Cluster({ ...defaultClusterOptions('kraft', 42), topics: [topic] }, hostPorts);
cluster.boot();
cluster.world.runUntil(cluster.world.nowUs + 60_000_000);
// What one collection empties the next gives back, a while later and by a thread of its own.
globalThis.gc?.();
globalThis.gc?.();
await new Promise((resolve) => setTimeout(resolve, 2_000));
const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
const report: MemoryReport = { residentBytes: rss, liveBytes: heapUsed + arrayBuffers };
console.log(JSON.stringify(report));
if (cluster.trace.count === 0) throw new Error('nothing happened');
