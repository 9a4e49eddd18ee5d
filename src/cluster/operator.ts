/** The operator's hands on a cluster: administrative requests from a node of its own, as an admin client sends them. */
import { AdminClient } from '../client/admin/admin-client.ts';
import type { ClientEnvironment } from '../client/environment.ts';
import type { SendOutcome } from '../client/producer/batch.ts';
import {
  type ConsumedRecord,
  type ConsumeEnd,
  type ConsumeOnce,
  consumeOnce,
} from '../client/programs/consume-once.ts';
import { type ProduceOnce, produceOnce } from '../client/programs/produce-once.ts';
import type { Config } from '../config/config.ts';
import { askFourLetterWord, type WordOutcome } from '../coordinator/zookeeper/client/four-letter-word.ts';
import { type SessionOptions, ZooKeeperSession } from '../coordinator/zookeeper/client/session.ts';
import type { Context } from '../kernel/api.ts';
import { CreateTopics, type CreateTopicsResponse } from '../protocol/apis/19-create-topics.ts';
import {
  AlterUserScramCredentials,
  type AlterUserScramCredentialsResponse,
} from '../protocol/apis/51-alter-user-scram-credentials.ts';
import { ErrorCode, errorName } from '../protocol/errors.ts';
import type { Hashing } from '../protocol/ports.ts';
import type { Api, RequestOf, ResponseOf } from '../protocol/schema.ts';
import type { RpcChannel, RpcSettings } from '../rpc/api.ts';
import { openChannel } from '../rpc/channel.ts';
import type { Assembly } from './assembly.ts';
import type { ClusterModel } from './model/cluster-model.ts';
import type { ClusterOptions, TopicOptions } from './options.ts';
import { scramUpsertions } from './scram-users.ts';

export const OPERATOR_NODE = 'operator';
const REQUEST_TIMEOUT_MS = 30_000;
/** Between two tries of a request that no broker answered. */
const RETRY_US = 100_000;

/** What came of a request: an answer of some broker, or null when none came before the time was up. */
export type Answered<Response> = (response: Response | null, why: string) => void;

export class Operator {
  readonly #options: ClusterOptions;
  readonly #assembly: Assembly;
  readonly #model: ClusterModel;
  readonly #rpc: RpcSettings;
  readonly #channels = new Map<string, RpcChannel>();
  #context: Context | undefined;
  #turn = 0;
  #serial = 0;

  constructor(options: ClusterOptions, assembly: Assembly, model: ClusterModel, rpc: RpcSettings) {
    this.#options = options;
    this.#assembly = assembly;
    this.#model = model;
    this.#rpc = rpc;
  }

  /** The program of the operator's node. */
  readonly program = (context: Context) => {
    this.#context = context;
    this.#channels.clear();
    return {};
  };

  /**
   * Asks the brokers in turn, among those that run, until one answers. What the answer says is the caller's affair, except that
   * NOT_CONTROLLER and its like (by `again`) are asked again.
   */
  request<A extends Api>(
    api: A,
    body: RequestOf<A>,
    timeoutUs: number,
    done: Answered<ResponseOf<A>>,
    again: (response: ResponseOf<A>) => boolean = () => false,
  ): void {
    const context = this.#context!;
    const deadlineUs = context.nowUs() + timeoutUs;
    const version = api.offered[this.#assembly.release]!.max;
    let why = 'no broker runs';
    const attempt = (): void => {
      if (context.nowUs() >= deadlineUs) return done(null, why);
      const retry = () => void context.after(RETRY_US, attempt, undefined);
      const channel = this.#channel();
      if (channel === undefined) return retry();
      const answered = (_: undefined, response: unknown, failure: { readonly kind: string } | null) => {
        if (failure !== null) {
          why = `${channel.node} did not answer (${failure.kind})`;
          return retry();
        }
        const answer = response as ResponseOf<A>;
        if (again(answer) && context.nowUs() < deadlineUs) return retry();
        done(answer, '');
      };
      const timeoutMs = Math.max(1, Math.min(REQUEST_TIMEOUT_MS, Math.ceil((deadlineUs - context.nowUs()) / 1000)));
      channel.send(api, version, body, answered, undefined, { timeoutMs });
    };
    attempt();
  }

  /** Creates topics, each laid out in turn over the brokers or as its assignment says. Calls back with what was refused, '' if nothing. */
  createTopics(topics: readonly TopicOptions[], timeoutUs: number, done: (refusal: string) => void): void {
    if (topics.length === 0) return done('');
    const body = CreateTopics.request.make({
      topics: topics.map((topic) => ({ ...this.#placement(topic), ...configsOf(topic), name: topic.name })),
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
    const codes = (response: CreateTopicsResponse) => response.topics.map(({ errorCode }) => errorCode);
    this.request(
      CreateTopics,
      body,
      timeoutUs,
      (response, why) => {
        const refused = response?.topics.find(({ errorCode }) => errorCode !== ErrorCode.NONE);
        if (response === null) done(why);
        else
          done(
            refused === undefined
              ? ''
              : `${refused.name}: ${errorName(refused.errorCode)}${refused.errorMessage ? ` (${refused.errorMessage})` : ''}`,
          );
      },
      (response) =>
        codes(response).every((code) => code === ErrorCode.NOT_CONTROLLER || code === ErrorCode.REQUEST_TIMED_OUT),
    );
  }

  /** Writes the credentials of those users that come by SCRAM. Calls back with what was refused, '' if nothing. */
  addScramUsers(hashing: Hashing | undefined, timeoutUs: number, done: (refusal: string) => void): void {
    const upsertions = scramUpsertions(this.#options.users, hashing, () =>
      this.#context!.chance('scram-salts').bytes(16),
    );
    if (upsertions.length === 0) return done('');
    const errorOf = ({ results }: AlterUserScramCredentialsResponse): number =>
      results.find(({ errorCode }) => errorCode !== ErrorCode.NONE)?.errorCode ?? ErrorCode.NONE;
    this.request(
      AlterUserScramCredentials,
      AlterUserScramCredentials.request.make({ upsertions }),
      timeoutUs,
      (response, why) => {
        if (response === null) done(why);
        else done(errorOf(response) === ErrorCode.NONE ? '' : errorName(errorOf(response)));
      },
      (response) => errorOf(response) === ErrorCode.NOT_CONTROLLER || errorOf(response) === ErrorCode.REQUEST_TIMED_OUT,
    );
  }

  /** Sends one record from the operator's node, with a producer made for it. */
  produce(
    environment: ClientEnvironment,
    record: Omit<ProduceOnce, 'serial'>,
    done: (outcome: SendOutcome) => void,
  ): void {
    produceOnce(this.#context!, environment, { ...record, serial: this.nextSerial() }, done);
  }

  /** The number of the next record that is sent from the operator's node. */
  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** Reads a topic from the operator's node, with a consumer made for it. */
  consume(
    environment: ClientEnvironment,
    wanted: ConsumeOnce,
    done: (records: readonly ConsumedRecord[], why: ConsumeEnd) => void,
  ): void {
    consumeOnce(this.#context!, environment, wanted, done);
  }

  /** An admin client on the operator's node, as a tool has one for as long as it runs. Its user closes it. */
  openAdmin(environment: ClientEnvironment, config: Config): AdminClient {
    return new AdminClient(this.#context!, environment, config);
  }

  /** A client session with the ensemble, from the operator's node, as zkCli has one. Its user starts it and closes it. */
  openZooKeeper(options: SessionOptions): ZooKeeperSession {
    return new ZooKeeperSession(this.#context!, options);
  }

  /** Asks a server of ZooKeeper for a four-letter word. */
  fourLetterWord(
    server: string,
    question: { readonly word: string; readonly timeoutUs: number },
    done: (outcome: WordOutcome) => void,
  ): void {
    askFourLetterWord(this.#context!, server, question, done);
  }

  /** What cannot be laid out is for the cluster to refuse. */
  #placement(topic: TopicOptions) {
    const { assignment, partitions, replicationFactor = 0 } = topic;
    if (assignment === undefined && replicationFactor > this.#options.brokers.length)
      return { numPartitions: partitions, replicationFactor, assignments: [] };
    const assignments = this.layout(topic).map((brokerIds, partitionIndex) => ({
      partitionIndex,
      brokerIds: [...brokerIds],
    }));
    return { numPartitions: -1, replicationFactor: -1, assignments };
  }

  /** Replicas of each partition: `orders-0` on [1, 2, 3], `orders-1` on [2, 3, 1]. */
  layout(topic: TopicOptions): readonly (readonly number[])[] {
    if (topic.assignment !== undefined) return topic.assignment;
    const ids = this.#options.brokers.map(({ id }) => id);
    const factor = topic.replicationFactor ?? Math.min(3, ids.length);
    return Array.from({ length: topic.partitions }, (_, partition) =>
      Array.from(
        { length: Math.min(factor, ids.length) },
        (_unused, replica) => ids[(partition + replica) % ids.length]!,
      ),
    );
  }

  /** A channel to the next broker in turn that serves. */
  #channel(): RpcChannel | undefined {
    const serving = this.#assembly.bootstrap
      .map(({ host, port }) => this.#assembly.resolve(host, port))
      .filter(({ node }) => this.#model.serving.has(node) && this.#model.nodes.running(node));
    if (serving.length === 0) return undefined;
    const { node, port } = serving[this.#turn++ % serving.length]!;
    let channel = this.#channels.get(node);
    if (channel === undefined) {
      channel = openChannel(
        this.#context!,
        node,
        port,
        { clientId: 'operator', requestTimeoutMs: REQUEST_TIMEOUT_MS },
        this.#rpc,
      );
      this.#channels.set(node, channel);
    }
    return channel;
  }
}

function configsOf({ config }: TopicOptions) {
  return { configs: Object.entries(config).map(([name, value]) => ({ name, value })) };
}
