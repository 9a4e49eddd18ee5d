import { z } from 'zod';
import { nearest } from '../../config/nearest.ts';
import { apiByName, apis } from '../../protocol/apis/index.ts';
import { ErrorCode, errorCodeOf } from '../../protocol/errors.ts';
import type { Interception, Interceptor, ServerRequest } from '../../rpc/api.ts';
import type { Cluster } from '../cluster.ts';
import { answerWith, mentions, withError } from '../faults/answers.ts';
import { brokerNode } from '../options.ts';
import { OUTSIDE_NODE } from '../outside.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z
  .strictObject({
    api: argument.api(),
    error: argument.error().optional(),
    latency: argument.duration().optional(),
    disconnect: z.literal(true).optional(),
    hang: z.literal(true).optional(),
    handled: argument.on().default(false),
    broker: z.number().int().optional(),
    topic: argument.topic().optional(),
    client: argument.client().optional(),
    count: argument.count().optional(),
    onCall: argument.count().optional(),
    probability: argument.share().optional(),
  })
  .superRefine(({ api, error, latency, disconnect, hang, count, onCall, probability }, context) => {
    if (apiByName(api) === undefined)
      context.addIssue({
        code: 'custom',
        path: ['api'],
        message: `Kafka has no API "${api}"${guess(
          api,
          apis.map(({ name }) => name),
        )}`,
      });
    if (error !== undefined && errorCodeOf(error) === undefined)
      context.addIssue({
        code: 'custom',
        path: ['error'],
        message: `Kafka has no error "${error}"${guess(error, Object.keys(ErrorCode))}`,
      });
    if ([error, latency, disconnect, hang].filter((effect) => effect !== undefined).length !== 1)
      context.addIssue({ code: 'custom', message: 'say one of error, latency, disconnect, hang' });
    if ([count, onCall, probability].filter((limit) => limit !== undefined).length > 1)
      context.addIssue({ code: 'custom', message: 'say at most one of count, onCall, probability' });
  });

function guess(written: string, known: readonly string[]): string {
  const meant = nearest(written, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

type Arguments = z.output<typeof args>;

/** A simulated client's own id is its node's name, so that `client: web` meets all members of web; real ones have their `client.id`. */
function isFrom({ peer }: ServerRequest, client: string): boolean {
  if (peer.node === OUTSIDE_NODE) return client === OUTSIDE_NODE || peer.clientId === client;
  return peer.node === client || peer.node.startsWith(`${client}[`);
}

class Injection implements Interceptor {
  hits = 0;
  readonly #cluster: Cluster;
  readonly #args: Arguments;
  readonly #node: string | undefined;
  #calls = 0;

  constructor(cluster: Cluster, values: Arguments) {
    this.#cluster = cluster;
    this.#args = values;
    this.#node = values.broker === undefined ? undefined : brokerNode(values.broker);
  }

  intercept(node: string, request: ServerRequest): Interception | null {
    const { api, client, topic, latency, hang, disconnect, handled, error } = this.#args;
    if (request.api.name !== api || (this.#node !== undefined && node !== this.#node)) return null;
    if (client !== undefined && !isFrom(request, client)) return null;
    if (topic !== undefined && !mentions(request.body, this.#namesOf(topic))) return null;
    this.#calls += 1;
    if (!this.#due()) return null;
    this.hits += 1;
    if (latency !== undefined) return { kind: 'delay', delayUs: latency };
    if (hang) return { kind: 'hang', handled };
    if (disconnect) return { kind: 'disconnect', handled };
    const errorCode = errorCodeOf(error!)!;
    const rewrite = (asked: ServerRequest, response: unknown) =>
      response === null ? answerWith(asked, errorCode) : withError(response, errorCode);
    return { kind: 'answer', handled, rewrite };
  }

  #due(): boolean {
    const { count, onCall, probability } = this.#args;
    if (onCall !== undefined) return this.#calls === onCall;
    if (count !== undefined) return this.#calls <= count;
    if (probability === undefined) return true;
    return this.#cluster.world.chance('inject').oneIn(probability.numerator, probability.denominator);
  }

  /** Newer versions name topics by id. */
  #namesOf(topic: string): ReadonlySet<string> {
    const id = this.#cluster.model.authority.topics.get(topic)?.id;
    return new Set(id === undefined ? [topic] : [topic, id]);
  }
}

export const inject: Verb<typeof args> = {
  name: 'inject',
  family: 'protocol',
  summary: 'has a broker answer requests of one API with an error, late, never, or by closing the connection',
  details:
    'The request is not handled; with `handled: true` it is, and then answered so: a lost acknowledgement. `count`, `onCall` or `probability` say which ' +
    'requests it meets, all of them if none does; all partitions of a request that it meets share its fate.',
  examples: [
    {
      yaml: 'inject: { api: Produce, error: NOT_LEADER_OR_FOLLOWER, broker: 1, topic: orders, count: 3 }',
      prompt: 'inject Produce --error NOT_LEADER_OR_FOLLOWER --broker 1 --topic orders --count 3',
    },
    {
      yaml: 'inject: { api: Produce, disconnect: true, handled: true, onCall: 2 }',
      prompt: 'inject Produce --disconnect --handled --onCall 2',
    },
  ],
  subject: 'api',
  args,
  fault: true,
  apply(run, values) {
    const { cluster } = run;
    const injection = new Injection(cluster, values);
    cluster.interceptors.push(injection);
    const undo = () => {
      const index = cluster.interceptors.indexOf(injection);
      if (index >= 0) cluster.interceptors.splice(index, 1);
    };
    const nodes = values.broker === undefined ? cluster.catalog.brokers().map(brokerNode) : [brokerNode(values.broker)];
    run.done({ resolved: nodes, effect: { name: 'inject', nodes, healable: true, hits: () => injection.hits, undo } });
  },
};
