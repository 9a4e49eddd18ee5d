import type { TraceEvent } from '../../src/kernel/api.ts';
import { OffsetCommit } from '../../src/protocol/apis/08-offset-commit.ts';
import { OffsetFetch } from '../../src/protocol/apis/09-offset-fetch.ts';
import { JoinGroup } from '../../src/protocol/apis/11-join-group.ts';
import { DescribeGroups } from '../../src/protocol/apis/15-describe-groups.ts';
import { ListGroups } from '../../src/protocol/apis/16-list-groups.ts';
import { DeleteGroups } from '../../src/protocol/apis/42-delete-groups.ts';
import { OffsetDelete } from '../../src/protocol/apis/47-offset-delete.ts';
import { ConsumerGroupHeartbeat } from '../../src/protocol/apis/68-consumer-group-heartbeat.ts';
import { ConsumerGroupDescribe } from '../../src/protocol/apis/69-consumer-group-describe.ts';
import { errorCodeOf, errorName } from '../../src/protocol/errors.ts';
import type { Release } from '../../src/protocol/schema.ts';
import { GroupStage } from './group-stage.ts';

const GROUP = 'g';
type Options = ReadonlyMap<string, string>;

interface Client {
  memberId: string;
  epoch: number;
  /** Partitions that it reads, `orders-0`. */
  holds: string[];
  options: Options;
}

/**
 * The verbs of the transcripts of consumer groups (KIP-848). A client gives back at once what it is told to, and says so with its
 * next heartbeat; `keeps` lets it hold on, `silent` leaves its partitions out. `join A topics=orders,other regex=… instance=… assignor=…
 * rebalance=30`, `beat A epoch=3 keeps`, `leave A`, `pause A` (a static member), `commit A`, `fetch A`, `describe`, `describe-classic`, `list`,
 * `delete`, `delete-offset`, `join-classic A`, `topic NAME PARTITIONS`, `run 3s`, `hold`, `release`, `fail ERROR`, `resign`, `elect`, `log`,
 * `begin release=4.0 …`.
 */
export class ConsumerScript {
  stage = new GroupStage();
  private lines: string[] = [];
  private readonly clients = new Map<string, Client>();

  constructor() {
    this.watch();
  }

  readonly execute = (line: string): readonly string[] => {
    this.lines = [];
    const [verb = '', ...args] = line.split(' ');
    const options = new Map(args.map((arg) => (arg.includes('=') ? split(arg) : ([arg, ''] as const))));
    return this.perform(verb, args, options) ?? this.lines;
  };

  private watch(): void {
    this.stage.world.trace.subscribe('all', (event) => {
      if (event.kind.name.startsWith('group-')) this.say(`  ${render(event)}`);
    });
  }

  private say(line: string): void {
    this.lines.push(`${(this.stage.world.nowUs / 1_000_000).toFixed(3)}s ${this.readable(line)}`);
  }

  private readable(text: string): string {
    let readable = text;
    for (const { id, name } of this.stage.authority.topics.values()) readable = readable.replaceAll(id, name);
    return readable;
  }

  private perform(verb: string, args: readonly string[], options: Options): readonly string[] | undefined {
    const { stage } = this;
    switch (verb) {
      case 'begin': {
        const { release, ...config } = Object.fromEntries(options);
        this.stage = new GroupStage({ release: (release ?? '4.2') as Release, config });
        this.watch();
        return;
      }
      case 'run':
        stage.run(Number(args[0]!.slice(0, -1)) * 1000);
        return;
      case 'hold':
        stage.log.holding = true;
        return;
      case 'release':
        stage.log.release(errorCodeOf(args[0] ?? 'NONE')!);
        return;
      case 'fail':
        stage.log.failNext = errorCodeOf(args[0]!)!;
        return;
      case 'resign':
        stage.resign();
        return;
      case 'elect':
        stage.elect();
        stage.run(1);
        return;
      case 'log':
        return stage.logLines().map((line) => this.readable(line));
      case 'topic':
        stage.authority.createTopic(args[0]!, Array(Number(args[1])).fill([1]));
        stage.refresh();
        return;
      default:
        this.request(verb, args[0] ?? '', options);
        stage.run(1);
        return;
    }
  }

  private request(verb: string, name: string, options: Options): void {
    switch (verb) {
      case 'join':
        this.clients.set(name, { memberId: options.get('id') ?? name, epoch: 0, holds: [], options });
        return this.heartbeat(name, 0, options);
      case 'beat':
        return this.heartbeat(name, Number(options.get('epoch') ?? this.clients.get(name)!.epoch), options);
      case 'leave':
        return this.heartbeat(name, -1, options);
      case 'pause':
        return this.heartbeat(name, -2, options);
      default:
        return this.administer(verb, name, options);
    }
  }

  private heartbeat(name: string, memberEpoch: number, options: Options): void {
    const client = this.clients.get(name)!;
    const said = memberEpoch === 0 ? client.options : options;
    const names = said.get('topics');
    const joins = memberEpoch === 0;
    const owned = options.has('silent') ? null : this.topicPartitions(joins ? [] : client.holds);
    const body = ConsumerGroupHeartbeat.request.make({
      groupId: GROUP,
      memberId: client.memberId,
      memberEpoch,
      instanceId: client.options.get('instance') ?? null,
      rebalanceTimeoutMs: joins ? Number(said.get('rebalance') ?? 60) * 1000 : -1,
      subscribedTopicNames:
        names === undefined
          ? joins && !said.has('regex')
            ? ['orders']
            : null
          : names.split(',').filter((one) => one !== ''),
      subscribedTopicRegex: said.get('regex') ?? null,
      serverAssignor: said.get('assignor') ?? null,
      topicPartitions: memberEpoch < 0 ? null : owned,
    });
    const version = Number(options.get('version') ?? (this.stage.release === '3.9' ? 0 : 1));
    this.stage.ask(name, ConsumerGroupHeartbeat, version, body, (answer) => {
      const { errorCode, errorMessage, memberEpoch: epoch, assignment, memberId } = answer;
      if (errorCode !== 0) return this.say(`${name} <- ${errorName(errorCode)} ${errorMessage ?? ''}`.trimEnd());
      client.epoch = epoch;
      client.memberId = memberId ?? client.memberId;
      const told = assignment === null ? 'as before' : `[${this.names(assignment.topicPartitions).join(' ')}]`;
      if (assignment !== null && !options.has('keeps')) client.holds = this.names(assignment.topicPartitions);
      this.say(`${name} <- NONE epoch=${epoch} assignment=${told}`);
    });
  }

  private names(written: readonly { topicId: string; partitions: readonly number[] }[]): string[] {
    return written.flatMap(({ topicId, partitions }) => partitions.map((p) => `${this.readable(topicId)}-${p}`));
  }

  private topicPartitions(names: readonly string[]) {
    return names.map((name) => {
      const at = name.lastIndexOf('-');
      const { id } = this.stage.authority.topics.get(name.slice(0, at))!;
      return { topicId: id, partitions: [Number(name.slice(at + 1))] };
    });
  }

  private administer(verb: string, name: string, options: Options): void {
    const { stage } = this;
    const client = this.clients.get(name);
    const orders = stage.authority.topics.get('orders')!.id;
    const max = stage.release === '4.2' ? 10 : 9;
    const version = Number(options.get('version') ?? max);
    const topic = version >= 10 ? { topicId: orders } : { name: 'orders' };
    const epoch = Number(options.get('epoch') ?? client?.epoch ?? -1);
    switch (verb) {
      case 'commit': {
        const partitions = [{ partitionIndex: 0, committedOffset: Number(options.get('offset') ?? 5) }];
        const body = { groupId: GROUP, memberId: client?.memberId ?? '', generationIdOrMemberEpoch: epoch };
        const request = OffsetCommit.request.make({ ...body, topics: [{ ...topic, partitions }] });
        return stage.ask(name, OffsetCommit, version, request, ({ topics }) =>
          this.say(`${name} <- OffsetCommit ${errorName(topics[0]!.partitions[0]!.errorCode)}`),
        );
      }
      case 'fetch': {
        const groups = [
          {
            groupId: GROUP,
            memberId: client?.memberId ?? null,
            memberEpoch: epoch,
            topics: [{ ...topic, partitionIndexes: [0] }],
          },
        ];
        return stage.ask(name, OffsetFetch, version, OffsetFetch.request.make({ groups }), ({ groups: [group] }) =>
          this.say(
            `<- OffsetFetch ${errorName(group!.errorCode)} ${group!.topics[0]?.partitions[0]?.committedOffset ?? ''}`.trimEnd(),
          ),
        );
      }
      case 'join-classic': {
        const protocols = [{ name: 'range', metadata: new Uint8Array(0) }];
        const body = {
          groupId: GROUP,
          sessionTimeoutMs: 10_000,
          rebalanceTimeoutMs: 1000,
          protocolType: 'consumer',
          protocols,
        };
        return stage.ask(name, JoinGroup, 3, JoinGroup.request.make(body), ({ errorCode }) =>
          this.say(`${name} <- JoinGroup ${errorName(errorCode)}`),
        );
      }
      case 'describe':
        return stage.ask(
          name,
          ConsumerGroupDescribe,
          1,
          ConsumerGroupDescribe.request.make({ groupIds: [GROUP] }),
          ({ groups }) => this.described(groups[0]!),
        );
      case 'describe-classic':
        return stage.ask(name, DescribeGroups, 5, DescribeGroups.request.make({ groups: [GROUP] }), ({ groups }) =>
          this.say(`<- DescribeGroups ${errorName(groups[0]!.errorCode)} ${groups[0]!.groupState}`),
        );
      case 'list':
        return stage.ask(
          name,
          ListGroups,
          5,
          ListGroups.request.make({ typesFilter: options.has('type') ? [options.get('type')!] : [] }),
          ({ groups }) =>
            this.say(
              `<- ListGroups ${groups.map((one) => `${one.groupId}:${one.groupType}:${one.protocolType}:${one.groupState}`).join(' ')}`.trimEnd(),
            ),
        );
      case 'delete':
        return stage.ask(name, DeleteGroups, 2, DeleteGroups.request.make({ groupsNames: [GROUP] }), ({ results }) =>
          this.say(`<- DeleteGroups ${errorName(results[0]!.errorCode)}`),
        );
      case 'delete-offset': {
        const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0 }] }];
        return stage.ask(
          name,
          OffsetDelete,
          0,
          OffsetDelete.request.make({ groupId: GROUP, topics }),
          ({ errorCode, topics: [told] }) =>
            this.say(`<- OffsetDelete ${errorName(errorCode || (told?.partitions[0]?.errorCode ?? 0))}`),
        );
      }
      default:
        throw new Error(`there is no verb ${verb}`);
    }
  }

  private described(group: ReturnType<typeof ConsumerGroupDescribe.response.make>['groups'][number]): void {
    const { errorCode, errorMessage, groupState, groupEpoch, assignmentEpoch, assignorName, members } = group;
    if (errorCode !== 0) return this.say(`<- ${errorName(errorCode)} ${errorMessage}`);
    this.say(`<- ${groupState} epoch=${groupEpoch} assignment-epoch=${assignmentEpoch} assignor=${assignorName}`);
    for (const {
      memberId,
      memberEpoch,
      subscribedTopicNames,
      subscribedTopicRegex,
      assignment,
      targetAssignment,
    } of members) {
      const [has, wants] = [assignment, targetAssignment].map(({ topicPartitions }) =>
        topicPartitions.flatMap(({ topicName, partitions }) => partitions.map((p) => `${topicName}-${p}`)).join(' '),
      );
      const reads = [
        ...subscribedTopicNames,
        ...(subscribedTopicRegex === null ? [] : [`/${subscribedTopicRegex}/`]),
      ].join(',');
      this.lines.push(`  ${memberId} epoch=${memberEpoch} reads=${reads} has=[${has}] target=[${wants}]`);
    }
  }
}

function split(arg: string): readonly [string, string] {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}

function render({ kind, values }: TraceEvent): string {
  const fields = kind.fields.map((field, i) => {
    const value = values[i];
    return `${field}=${Array.isArray(value) ? `[${value.join(' ')}]` : String(value)}`;
  });
  return `${kind.name} ${fields.filter((field) => field !== `group=${GROUP}`).join(' ')}`;
}
