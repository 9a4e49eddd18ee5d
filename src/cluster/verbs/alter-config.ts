import { z } from 'zod';
import { IncrementalAlterConfigs } from '../../protocol/apis/44-incremental-alter-configs.ts';
import { administer } from './administration.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({
  topic: argument.topic().optional(),
  broker: z.union([z.number().int(), z.literal('default')]).optional(),
  set: argument.configuration().optional(),
  remove: z.array(z.string()).optional(),
});

/** Kafka's ConfigResource.Type. */
const RESOURCE_TOPIC = 2;
const RESOURCE_BROKER = 4;
/** AlterConfigOp.OpType. */
const SET = 0;
const DELETE = 1;

export const alterConfig: Verb<typeof args> = {
  name: 'alterConfig',
  family: 'administration',
  summary: 'sets or removes dynamic settings of a topic, of a broker, or of all brokers',
  examples: [
    {
      yaml: 'alterConfig: { topic: orders, set: { min.insync.replicas: 1 } }',
      prompt: 'alterConfig --topic orders --set min.insync.replicas=1',
    },
    {
      yaml: 'alterConfig: { broker: default, remove: [unclean.leader.election.enable] }',
      prompt: 'alterConfig --broker default --remove unclean.leader.election.enable',
    },
  ],
  subject: null,
  args,
  fault: false,
  apply(run, { topic, broker, set, remove }) {
    if ((topic === undefined) === (broker === undefined)) return run.fail('say either "topic" or "broker"');
    const changes = [
      ...Object.entries(set ?? {}).map(([name, value]) => ({ name, configOperation: SET, value: String(value) })),
      ...(remove ?? []).map((name) => ({ name, configOperation: DELETE, value: null })),
    ];
    if (changes.length === 0) return run.noEffect([], 'neither "set" nor "remove" names a setting');
    const resourceName = topic ?? (broker === 'default' ? '' : String(broker));
    const body = IncrementalAlterConfigs.request.make({
      resources: [
        { resourceType: topic === undefined ? RESOURCE_BROKER : RESOURCE_TOPIC, resourceName, configs: changes },
      ],
    });
    const resource = `${topic === undefined ? 'broker' : 'topic'}/${resourceName}`;
    const applied = () => {
      const settings = run.cluster.model.authority.configs.get(resource);
      return changes.every(({ name, value }) => (settings?.get(name) ?? null) === value);
    };
    administer(
      run,
      IncrementalAlterConfigs,
      body,
      topic ?? null,
      (response) => response.responses,
      () =>
        run.until(applied, (inTime) =>
          inTime ? run.done({ resolved: [resource] }) : run.fail('the change did not take effect in time'),
        ),
    );
  },
};
