import * as cluster from './cluster.ts';
import type { Bench } from './figure.ts';
import * as kernel from './kernel.ts';
import { conclude, report } from './report.ts';
import * as rpc from './rpc.ts';
import * as storage from './storage.ts';

/** Every bench, by name; `npm run bench -- kernel` runs one. They are measured as a bundle, which is what users get. */
const benches: readonly Bench[] = [kernel, rpc, storage, cluster];

const wanted = process.argv.slice(2);
let missed = 0;
for (const bench of benches) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
  console.log(`\n${bench.name}`);
  missed += report(bench.run());
}
conclude(missed);
