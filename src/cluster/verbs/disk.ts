import { z } from 'zod';
import type { DiskControl } from '../../kernel/api.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z
  .strictObject({
    target: argument.target(),
    dir: z.number().int().nonnegative().default(0),
    fail: z.literal(true).optional(),
    full: z.literal(true).optional(),
    readOnly: z.literal(true).optional(),
    slow: argument.duration().optional(),
    tear: z.literal(true).optional(),
    corrupt: argument.partition().optional(),
  })
  .superRefine(({ fail, full, readOnly, slow, tear, corrupt }, context) => {
    if ([fail, full, readOnly, slow, tear, corrupt].filter((fault) => fault !== undefined).length !== 1)
      context.addIssue({ code: 'custom', message: 'say one of fail, full, readOnly, slow, tear, corrupt' });
  });

type Arguments = z.output<typeof args>;

function breakDisk(disk: DiskControl, { fail, full, readOnly, slow, tear }: Arguments): () => void {
  if (slow !== undefined) {
    disk.slow(slow);
    return () => disk.slow(0);
  }
  if (tear) {
    disk.tear(true);
    return () => disk.tear(false);
  }
  disk.fail(fail ? 'EIO' : full ? 'ENOSPC' : readOnly ? 'EROFS' : null);
  return () => disk.fail(null);
}

/** The middle of the last segment that holds anything: a bit of a stored batch. */
function corruptPartition(control: DiskControl, partition: string): boolean {
  const { disk } = control;
  const segments = disk.list(partition).filter((path) => path.endsWith('.log') && disk.open(path).size > 0);
  const path = segments.at(-1);
  if (path === undefined) return false;
  control.flipBit(path, Math.floor(disk.open(path).size / 2));
  return true;
}

export const disk: Verb<typeof args> = {
  name: 'disk',
  family: 'disk',
  summary: 'breaks a disk of a node: it fails, is full, slow, read-only, tears its last write, or flips a bit',
  details:
    '`fail` is EIO: the log directory goes offline, and the broker lives on if it has another. `slow` is added to every fsync. `tear` waits for the ' +
    'next power loss. `corrupt` flips one bit of a stored batch; nobody notices before it is read.',
  examples: [
    { yaml: 'disk: broker-1\n  fail: true', prompt: 'disk broker-1 --fail' },
    { yaml: 'disk: broker-1\n  slow: 200ms', prompt: 'disk broker-1 --slow 200ms' },
  ],
  subject: 'target',
  args,
  fault: true,
  apply(run, values) {
    run.targets(
      values.target,
      (nodes) => {
        const disks = nodes.flatMap((node) => run.cluster.nodes.get(node)!.control.disks[values.dir] ?? []);
        if (disks.length === 0) return run.fail(`there is no log directory ${values.dir} there`);
        if (values.corrupt !== undefined) {
          const partition = values.corrupt;
          if (disks.filter((control) => corruptPartition(control, partition)).length > 0) run.done({ resolved: nodes });
          else run.noEffect(nodes, `no batch of ${partition} is stored there`);
          return;
        }
        const undoes = disks.map((control) => breakDisk(control, values));
        const undo = () => {
          for (const mend of undoes) mend();
        };
        const counted = values.fail || values.full || values.readOnly;
        const hits = () => disks.reduce((sum, control) => sum + control.hits, 0);
        run.done({ resolved: nodes, effect: { name: 'disk', nodes, healable: true, undo, ...(counted && { hits }) } });
      },
      () => true,
    );
  },
};
