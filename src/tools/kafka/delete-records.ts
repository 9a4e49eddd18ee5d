import { DeleteRecords } from '../../protocol/apis/21-delete-records.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { exceptionOf, PlainError } from './failure.ts';
import { jsonOf } from './json-argument.ts';
import { askAll } from './steps.ts';
import type { Tool } from './tool.ts';

const FILE = 'offset-json-file';

/** DeleteRecordsCommand. */
export const deleteRecords: Tool = {
  name: 'kafka-delete-records',
  summary: 'deletes the records before an offset',
  differs: 'In place of the file the JSON itself can stand behind its option.',
  options: [
    {
      name: FILE,
      value: 'FILE',
      file: 'json',
      about:
        '{"version":1,"partitions":[{"topic":"orders","partition":0,"offset":5}]}; offset -1 is the high watermark',
    },
  ],
  examples: [
    `kafka-delete-records --offset-json-file '{"version":1,"partitions":[{"topic":"orders","partition":0,"offset":5}]}'`,
  ],
  *run({ admin, args, print, data, spoil }) {
    const wanted = readOffsets(args.required(FILE));
    print('Executing records delete operation');
    const answers = yield* askAll(
      admin,
      wanted.map(({ topic, partition, offset }) => ({
        api: DeleteRecords,
        body: DeleteRecords.request.make({
          topics: [{ name: topic, partitions: [{ partitionIndex: partition, offset }] }],
          timeoutMs: 30_000,
        }),
        target: { kind: 'leader', topic, partition } as const,
      })),
    );
    print('Records delete operation completed:');
    for (const [index, { topics }] of answers.entries()) {
      const { topic, partition } = wanted[index]!;
      const { errorCode, lowWatermark } = topics[0]!.partitions[0]!;
      data({
        partition: `${topic}-${partition}`,
        low_watermark: errorCode === ErrorCode.NONE ? lowWatermark : null,
        error: errorCode === ErrorCode.NONE ? null : exceptionOf(errorCode, null).exception,
      });
      if (errorCode === ErrorCode.NONE) print(`partition: ${topic}-${partition}\tlow_watermark: ${lowWatermark}`);
      else {
        spoil();
        const { exception, message } = exceptionOf(errorCode, null);
        print(`partition: ${topic}-${partition}\terror: org.apache.kafka.common.errors.${exception}: ${message}`);
      }
    }
  },
};

function readOffsets(text: string) {
  const { partitions } = jsonOf(FILE, text);
  if (!Array.isArray(partitions) || partitions.length === 0) throw new PlainError(`--${FILE} names no partitions`);
  return partitions.map((each: unknown) => {
    const { topic, partition, offset } = Object(each) as Record<string, unknown>;
    if (typeof topic !== 'string' || typeof partition !== 'number' || typeof offset !== 'number')
      throw new PlainError(`--${FILE}: every partition has a "topic", a "partition" and an "offset"`);
    return { topic, partition, offset };
  });
}
