/** The shape of a scenario file. What stands in a step is read by the verb's own schema (read-steps.ts). */
import { z } from 'zod';
import { clientShape } from '../cluster/client-shape.ts';
import * as argument from '../cluster/verbs/arguments.ts';

const settings = () => z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const config = () => settings().optional();

const broker = z.strictObject({
  id: z.number().int().positive().describe('broker id'),
  rack: z.string().optional().describe('rack, for placement and rack(…)'),
  logDirs: z.number().int().min(1).max(16).optional().describe('log directories, one disk each (1)'),
});

const cluster = z.strictObject({
  brokers: z
    .union([z.number().int().min(1).max(1000), z.array(broker).min(1)])
    .optional()
    .describe('how many, or a list of {id, rack, logDirs} (3)'),
  quorum: z.number().int().min(1).max(9).optional().describe('KRaft controllers, or ZooKeeper servers (3)'),
  controllers: z.literal('combined').optional().describe('KRaft: the brokers are the controllers too'),
  timers: z
    .enum(['realistic', 'fast'])
    .optional()
    .describe("Kafka's own time-outs, or all of them shortened in proportion"),
  config: config().describe('server.properties'),
  network: z
    .strictObject({ latency: argument.duration().optional(), jitter: argument.duration().optional() })
    .optional()
    .describe('each way; 500us without jitter'),
  zookeeper: z
    .strictObject({
      tickTime: z.number().int().min(1).optional().describe('milliseconds (2000)'),
      initLimit: z.number().int().min(1).optional().describe('ticks (10)'),
      syncLimit: z.number().int().min(1).optional().describe('ticks (5)'),
    })
    .optional(),
  kafkaVersion: z
    .union([z.string(), z.number()])
    .optional()
    .describe('3.9, 4.0, 4.1 or 4.2: whose API versions and defaults (4.2; 3.9 in ZooKeeper mode)'),
});

const topic = z.strictObject({
  partitions: z.number().int().min(1).max(100_000).optional().describe('(1)'),
  replicationFactor: z.number().int().min(1).optional().describe('3, or as many as there are brokers'),
  assignment: z.array(z.array(z.number().int()).min(1)).min(1).optional().describe('replicas of each partition'),
  config: config(),
});

const client = z.strictObject(clientShape);

const standing = z.union([
  argument.expression(),
  z.strictObject({
    expr: argument.expression(),
    from: argument.duration().optional(),
    until: argument.duration().optional(),
  }),
]);

/** A step: one verb, its options, and the keys of steps. */
const step = z.record(z.string(), z.unknown());

export const ScenarioFile = z.strictObject({
  version: z.literal(1).describe('of the scenario language'),
  name: z.string().min(1),
  about: z.string().optional(),
  tags: z.array(z.string()).optional(),
  modes: z
    .array(z.enum(['kraft', 'zookeeper']))
    .min(1)
    .optional(),
  seed: z.number().int().min(0).optional(),
  cluster: cluster.optional(),
  topics: z.record(z.string(), topic.nullable()).optional(),
  clients: z.record(z.string(), client).optional(),
  steps: z.array(step).optional(),
  on: z.array(step).optional(),
  always: z.array(standing).optional(),
  finally: z.array(standing).optional(),
});

export type ScenarioFileValue = z.output<typeof ScenarioFile>;

/** `repeat: { times, every, steps }`. */
export const Repeat = z.strictObject({
  times: argument.count(),
  every: argument.duration().optional(),
  steps: z.array(step).min(1),
});
