/** A producer that a tool has for as long as it runs. */
import type { SendOutcome } from '../../client/producer/batch.ts';
import { Producer } from '../../client/producer/producer.ts';
import type { Config } from '../../config/config.ts';
import { producerConfig } from '../../config/resources.ts';
import { UsageError } from './failure.ts';
import type { LineRecord } from './line-reader.ts';
import { called, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

/** Throws `UsageError` for settings that no producer has. */
export function producerSettings({ cluster, words }: ToolCall, settings: Readonly<Record<string, string>>): Config {
  const { release } = cluster.clients.environment;
  try {
    return producerConfig(settings, { version: release, timers: 'real' });
  } catch (thrown) {
    throw new UsageError(
      `${words.join(' ')}: ${thrown instanceof Error ? thrown.message : 'no settings of a producer'}`,
    );
  }
}

/** Sends them in their order, and gives what became of each. */
export function* sendRecords(
  call: ToolCall,
  config: Config,
  topic: string,
  partition: number | null,
  records: readonly LineRecord[],
): Steps<readonly SendOutcome[]> {
  if (records.length === 0) return [];
  const { context } = call.admin.network;
  const producer = new Producer(context, call.cluster.clients.environment, config);
  const outcomes = yield* called<readonly SendOutcome[]>((done) => {
    const ended: SendOutcome[] = [];
    let missing = records.length;
    let next = 0;
    const step = (): void => {
      producer.onUnblocked = null;
      while (next < records.length) {
        const index = next++;
        producer.send({
          ...records[index]!,
          topic,
          partition,
          timestampMs: context.wallMs(),
          serial: call.cluster.operator.nextSerial(),
          done: (outcome) => {
            ended[index] = outcome;
            missing -= 1;
            if (missing === 0) done(ended);
          },
        });
        if (producer.isBlocked && next < records.length) {
          producer.onUnblocked = step;
          return;
        }
      }
      producer.flush(() => {});
    };
    step();
  });
  producer.close();
  return outcomes;
}
