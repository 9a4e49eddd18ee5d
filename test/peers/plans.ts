/** Files that lines of `prompt-lines.ts` name, and what is on the disks of a cluster as files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Cluster } from '../../src/cluster/cluster.ts';

const orders = (partition: number, more: object) => ({ topic: 'orders', partition, ...more });

const PLANS: Readonly<Record<string, object>> = {
  'del.json': { version: 1, partitions: [orders(0, { offset: 1 })] },
  'delfar.json': { version: 1, partitions: [orders(0, { offset: 99 })] },
  'elect.json': { partitions: [orders(0, {}), orders(1, {})] },
  'same.json': { version: 1, partitions: [orders(1, { replicas: [2, 3, 1] })] },
  'movenope.json': { version: 1, partitions: [{ topic: 'nope', partition: 0, replicas: [2, 3, 1] }] },
  'move9.json': { version: 1, partitions: [orders(0, { replicas: [2, 9] })] },
  'topics.json': { version: 1, topics: [{ topic: 'orders' }] },
};

/** A new folder with the plans. */
export function writePlans(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kzsim-plans-'));
  for (const [name, plan] of Object.entries(PLANS)) writeFileSync(join(folder, name), JSON.stringify(plan));
  return folder;
}

/** Writes every file of every node to `folder/NODE/…`, anew. */
export function writeDisks(cluster: Cluster, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, { control }] of cluster.nodes)
    for (const { disk } of control.disks)
      for (const path of disk.list('')) {
        const file = disk.open(path);
        const target = join(folder, name, path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, file.read(0, file.size));
      }
}
