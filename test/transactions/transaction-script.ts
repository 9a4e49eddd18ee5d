import type { TraceEvent } from '../../src/kernel/api.ts';
import { InitProducerId, type InitProducerIdResponse } from '../../src/protocol/apis/22-init-producer-id.ts';
import {
  AddPartitionsToTxn,
  type AddPartitionsToTxnResponse,
} from '../../src/protocol/apis/24-add-partitions-to-txn.ts';
import { AddOffsetsToTxn } from '../../src/protocol/apis/25-add-offsets-to-txn.ts';
import { EndTxn, type EndTxnResponse } from '../../src/protocol/apis/26-end-txn.ts';
import { DescribeTransactions } from '../../src/protocol/apis/65-describe-transactions.ts';
import { ListTransactions } from '../../src/protocol/apis/66-list-transactions.ts';
import { errorCodeOf, errorName } from '../../src/protocol/errors.ts';
import type { Api, Release } from '../../src/protocol/schema.ts';
import { TransactionStage } from './transaction-stage.ts';

const ID = 'etl';

interface Client {
  id: number;
  epoch: number;
}

type Options = ReadonlyMap<string, string>;

/**
 * The verbs of the transactions' transcripts. Clients have names, and remember the producer id and epoch that they were given last.
 * A request takes a millisecond. `init A`, `init A as=known` (it says who it is), `add A orders-0 orders-1`, `offsets A group`,
 * `commit A`, `abort A` (`protocol=1` or `2`), `verify A orders-0`, `describe`, `list`, `run 3s`, `hold`, `release`,
 * `fail NOT_ENOUGH_REPLICAS`, `markers hold`, `markers NOT_LEADER_OR_FOLLOWER`, `markers NONE`, `resign`, `elect`, `log`,
 * `begin release=3.9 transactional.id.expiration.ms=1000`.
 */
export class TransactionScript {
  private stage = new TransactionStage();
  private lines: string[] = [];
  private muted = false;
  private readonly clients = new Map<string, Client>();

  constructor() {
    this.watch();
  }

  readonly execute = (line: string): readonly string[] => {
    this.lines = [];
    const [verb = '', ...args] = line.split(' ');
    const options = new Map(args.filter((arg) => arg.includes('=')).map((arg) => split(arg)));
    const words = args.filter((arg) => !arg.includes('='));
    const result = this.perform(verb, words, options);
    return result ?? (this.muted ? [] : this.lines);
  };

  private watch(): void {
    this.stage.onAnswer = (client, api, body) => this.answered(client, api, body);
    this.stage.onMarkers = (text) => this.say(`  marker ${text.replace(/\d+$/, (code) => errorName(Number(code)))}`);
    this.stage.world.trace.subscribe('all', (event) => {
      const { name } = event.kind;
      if (name.startsWith('transaction-') && name !== 'transaction-markers-sent') this.say(`  ${rendered(event)}`);
    });
  }

  private say(line: string): void {
    this.lines.push(`${(this.stage.world.nowUs / 1_000_000).toFixed(3)}s ${line}`);
  }

  private perform(verb: string, words: readonly string[], options: Options): string[] | undefined {
    const { stage } = this;
    const [first = ''] = words;
    switch (verb) {
      case 'begin': {
        const { release, ...config } = Object.fromEntries(options);
        this.stage = new TransactionStage({ release: (release ?? '4.2') as Release, config });
        this.watch();
        return;
      }
      case 'quiet':
      case 'loud':
        this.muted = verb === 'quiet';
        return;
      case 'run':
        stage.run(first.endsWith('ms') ? Number(first.slice(0, -2)) : Number(first.slice(0, -1)) * 1000);
        return;
      case 'hold':
        stage.log.holding = true;
        return;
      case 'release':
        stage.log.release(errorCodeOf(first || 'NONE')!);
        return;
      case 'fail':
        stage.log.failNext = errorCodeOf(first)!;
        return;
      case 'markers':
        if (first === 'hold') stage.markerError = null;
        else stage.answerMarkers(errorCodeOf(first)!);
        return;
      case 'resign':
        stage.resign();
        return;
      case 'elect':
        stage.elect();
        stage.run(10);
        return;
      case 'log':
        return stage.logLines();
      default:
        this.request(verb, first, words.slice(1), options);
        stage.run(5);
        return;
    }
  }

  private client(name: string): Client {
    let client = this.clients.get(name);
    if (client === undefined) {
      client = { id: -1, epoch: -1 };
      this.clients.set(name, client);
    }
    return client;
  }

  private request(verb: string, name: string, rest: readonly string[], options: Options): void {
    const { stage } = this;
    const { id, epoch } = this.client(name);
    const producer = { producerId: id, producerEpoch: Number(options.get('epoch') ?? epoch) };
    const protocol = options.get('protocol') ?? (stage.release === '3.9' ? '1' : '2');
    switch (verb) {
      case 'init': {
        const known = options.get('as') === 'known' ? producer : { producerId: -1, producerEpoch: -1 };
        const body = { transactionalId: ID, transactionTimeoutMs: Number(options.get('timeout') ?? 60_000), ...known };
        stage.ask(name, InitProducerId, Number(options.get('version') ?? 5), InitProducerId.request.make(body));
        return;
      }
      case 'add':
      case 'verify': {
        const topics = [{ name: 'orders', partitions: rest.map((partition) => Number(partition.split('-')[1])) }];
        if (verb === 'add' && protocol === '1') {
          const body = {
            v3AndBelowTransactionalId: ID,
            v3AndBelowProducerId: producer.producerId,
            v3AndBelowProducerEpoch: producer.producerEpoch,
            v3AndBelowTopics: topics,
          };
          stage.ask(name, AddPartitionsToTxn, 3, AddPartitionsToTxn.request.make(body));
          return;
        }
        const one = { transactionalId: ID, ...producer, verifyOnly: verb === 'verify', topics };
        stage.ask(name, AddPartitionsToTxn, 5, AddPartitionsToTxn.request.make({ transactions: [one] }));
        return;
      }
      case 'offsets':
        stage.ask(name, AddOffsetsToTxn, 3, { transactionalId: ID, ...producer, groupId: rest[0]! });
        return;
      case 'commit':
      case 'abort': {
        const body = { transactionalId: ID, ...producer, committed: verb === 'commit' };
        stage.ask(name, EndTxn, protocol === '1' ? 4 : 5, body);
        return;
      }
      case 'describe':
        stage.ask('?', DescribeTransactions, 0, DescribeTransactions.request.make({ transactionalIds: [ID] }));
        return;
      case 'list':
        stage.ask(
          '?',
          ListTransactions,
          1,
          ListTransactions.request.make({ stateFilters: name === '' ? [] : [name, ...rest] }),
        );
        return;
      default:
        throw new Error(`unknown verb ${verb}`);
    }
  }

  private answered(name: string, api: Api, body: unknown): void {
    this.say(`${name} <- ${api.name} ${this.told(name, api, body)}`);
  }

  private told(name: string, api: Api, body: unknown): string {
    switch (api.key) {
      case InitProducerId.key:
      case EndTxn.key: {
        const { errorCode, producerId, producerEpoch } = body as InitProducerIdResponse & EndTxnResponse;
        if (errorCode !== 0) return errorName(errorCode);
        if (producerId === -1) return 'NONE';
        Object.assign(this.client(name), { id: producerId, epoch: producerEpoch });
        return `NONE ${producerId}/${producerEpoch}`;
      }
      case AddPartitionsToTxn.key: {
        const { resultsByTopicV3AndBelow, resultsByTransaction } = body as AddPartitionsToTxnResponse;
        const topics = [
          ...resultsByTopicV3AndBelow,
          ...resultsByTransaction.flatMap(({ topicResults }) => topicResults),
        ];
        return topics
          .flatMap(({ name: topic, resultsByPartition }) =>
            resultsByPartition.map((one) => `${topic}-${one.partitionIndex}=${errorName(one.partitionErrorCode)}`),
          )
          .join(' ');
      }
      case DescribeTransactions.key: {
        const [one] = (body as ReturnType<typeof DescribeTransactions.response.make>).transactionStates;
        const names = one!.topics.flatMap(({ topic, partitions }) => partitions.map((index) => `${topic}-${index}`));
        const producer = `${one!.transactionState} ${one!.producerId}/${one!.producerEpoch}`;
        return one!.errorCode === 0 ? `${producer} [${names.join(' ')}]` : errorName(one!.errorCode);
      }
      case ListTransactions.key: {
        const { errorCode, unknownStateFilters, transactionStates } = body as ReturnType<
          typeof ListTransactions.response.make
        >;
        const states = transactionStates.map((one) => `${one.transactionalId}=${one.transactionState}`);
        const unknown = unknownStateFilters.length === 0 ? '' : ` unknown: ${unknownStateFilters.join()}`;
        return `${errorName(errorCode)} [${states.join(' ')}]${unknown}`;
      }
      default:
        return errorName((body as { errorCode: number }).errorCode);
    }
  }
}

function split(option: string): [string, string] {
  const at = option.indexOf('=');
  return [option.slice(0, at), option.slice(at + 1)];
}

function rendered({ kind, values }: TraceEvent): string {
  const fields = kind.fields.flatMap((field, i) => {
    const value = values[i];
    if (field === 'transactionalId') return [];
    return [`${field}=${Array.isArray(value) ? `[${value.join(' ')}]` : String(value)}`];
  });
  return [kind.name, ...fields].join(' ');
}
