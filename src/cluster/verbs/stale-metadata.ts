import { z } from 'zod';
import type { Interceptor, ServerRequest } from '../../rpc/api.ts';
import { brokerNode } from '../options.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({
  topic: argument.topic(),
  leader: z.number().int(),
  broker: z.number().int().optional(),
});

interface MetadataTopic {
  readonly name: string | null;
  readonly partitions: readonly { readonly leaderId: number }[];
}

export const staleMetadata: Verb<typeof args> = {
  name: 'staleMetadata',
  family: 'protocol',
  summary: 'has a broker name the wrong leader of a topic in its Metadata answers',
  details: 'Clients that believe it go to a broker that does not lead, are refused, and ask again. Ends with `heal`.',
  examples: [
    {
      yaml: 'staleMetadata: { topic: orders, leader: 2, broker: 1 }',
      prompt: 'staleMetadata orders --leader 2 --broker 1',
    },
  ],
  subject: 'topic',
  args,
  fault: true,
  apply(run, { topic, leader, broker }) {
    const { cluster } = run;
    let hits = 0;
    const lie = (_: ServerRequest, response: unknown): unknown => {
      const body = response as { readonly topics: readonly MetadataTopic[] };
      const topics = body.topics.map((one) =>
        one.name === topic
          ? { ...one, partitions: one.partitions.map((partition) => ({ ...partition, leaderId: leader })) }
          : one,
      );
      return { ...body, topics };
    };
    const interceptor: Interceptor = {
      intercept(node, request) {
        if (request.api.name !== 'Metadata' || (broker !== undefined && node !== brokerNode(broker))) return null;
        hits += 1;
        return { kind: 'answer', handled: true, rewrite: lie };
      },
    };
    cluster.interceptors.push(interceptor);
    const undo = () => {
      const index = cluster.interceptors.indexOf(interceptor);
      if (index >= 0) cluster.interceptors.splice(index, 1);
    };
    const nodes = broker === undefined ? cluster.catalog.brokers().map(brokerNode) : [brokerNode(broker)];
    run.done({ resolved: nodes, effect: { name: 'staleMetadata', nodes, healable: true, hits: () => hits, undo } });
  },
};
