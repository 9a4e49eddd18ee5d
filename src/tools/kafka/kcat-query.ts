/** `kcat -Q`. */
import { PlainError } from './failure.ts';
import { keyOf, listOffsets, partitionsOf } from './offsets.ts';
import type { Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

export function* queryOffsets(call: ToolCall): Steps<void> {
  const { args, print, data } = call;
  if (!args.has('t')) throw new PlainError('Error: -t <topic>:<partition>:<offset_or_timestamp> missing');
  const wanted = args.all('t').map((text) => {
    const [, topic, partition, time] = /^(.+):(\d+):(-?\d+)$/.exec(text) ?? [];
    if (topic === undefined) throw new PlainError('% ERROR: -t: expected "topic:partition:offset_or_timestamp"');
    return { topic, partition: Number(partition), time: Number(time) };
  });
  const known = new Set((yield* partitionsOf(call, null)).map(keyOf));
  for (const { time, ...partition } of wanted) {
    if (!known.has(keyOf(partition)))
      throw new PlainError('% ERROR: offsets_for_times failed: Local: Unknown partition');
    const { offset } = (yield* listOffsets(call, [partition], time))[0]!;
    print(`${partition.topic} [${partition.partition}] offset ${offset}`);
    data({ ...partition, offset });
  }
}
