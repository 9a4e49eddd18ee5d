import type { TraceEvent } from '../../src/kernel/api.ts';
import { OffsetCommit } from '../../src/protocol/apis/08-offset-commit.ts';
import { OffsetFetch } from '../../src/protocol/apis/09-offset-fetch.ts';
import { JoinGroup } from '../../src/protocol/apis/11-join-group.ts';
import { Heartbeat } from '../../src/protocol/apis/12-heartbeat.ts';
import { LeaveGroup } from '../../src/protocol/apis/13-leave-group.ts';
import { SyncGroup } from '../../src/protocol/apis/14-sync-group.ts';
import { DescribeGroups } from '../../src/protocol/apis/15-describe-groups.ts';
import { ListGroups } from '../../src/protocol/apis/16-list-groups.ts';
import { DeleteGroups } from '../../src/protocol/apis/42-delete-groups.ts';
import { OffsetDelete } from '../../src/protocol/apis/47-offset-delete.ts';
import { errorCodeOf, errorName } from '../../src/protocol/errors.ts';
import { decodeAssignment } from '../../src/protocol/records/consumer-protocol.ts';
import type { Api, Release } from '../../src/protocol/schema.ts';
import { ZERO_UUID } from '../../src/protocol/uuid.ts';
import { assignment, subscription } from './group-harness.ts';
import { GroupStage } from './group-stage.ts';

const GROUP = 'g';

interface Client {
  memberId: string;
  generation: number;
  instance: string | null;
  /** What its next JoinGroup says, unless told otherwise. */
  options: Options;
}

type Options = ReadonlyMap<string, string>;

/**
 * The verbs of the groups' transcripts. Clients have names; their member ids are shown as `A#1`, `A#2` in the order in which
 * they were handed out. A request takes a millisecond. `join A`, `enter A` (join, then join with the id that was given), `restart A`, `sync A A=0,1 B=2`,
 * `heartbeat A`, `leave A`, `commit A offset=5`, `fetch`, `run 3s`, `hold`, `release`, `fail NOT_ENOUGH_REPLICAS`, `resign`,
 * `elect`, `describe`, `list`, `delete`, `delete-offset`, `delete-topic`, `log`, `begin release=3.9 group.max.size=2`.
 */
export class GroupScript {
  private stage = new GroupStage();
  private lines: string[] = [];
  private muted = false;
  private readonly clients = new Map<string, Client>();
  private readonly ids = new Map<string, string>();

  constructor() {
    this.watch();
  }

  readonly execute = (line: string): readonly string[] => {
    this.lines = [];
    const [verb = '', ...args] = line.split(' ');
    const options = new Map(args.filter((arg) => arg.includes('=')).map((arg) => split(arg)));
    const result = this.perform(verb, args[0] ?? '', options);
    return result ?? (this.muted ? [] : this.lines);
  };

  private watch(): void {
    this.stage.onAnswer = (client, api, body) => this.answered(client, api, body);
    this.stage.world.trace.subscribe('all', (event) => {
      if (event.kind.name.startsWith('group-')) this.say(`  ${this.renderEvent(event)}`);
    });
  }

  private say(line: string): void {
    const at = (this.stage.world.nowUs / 1_000_000).toFixed(3);
    this.lines.push(`${at}s ${this.names(line)}`);
  }

  private perform(verb: string, first: string, options: Options): string[] | undefined {
    const { stage } = this;
    switch (verb) {
      case 'begin': {
        const { release, ...config } = Object.fromEntries(options);
        this.stage = new GroupStage({ release: (release ?? '4.2') as Release, config });
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
      case 'resign':
        stage.resign();
        return;
      case 'elect':
        stage.elect();
        return;
      case 'log':
        return stage.logLines().map((line) => this.names(line));
      case 'delete-topic':
        stage.coordinator.onTopicsDeleted([first]);
        return;
      default:
        this.request(verb, first, options);
        stage.run(1);
        return;
    }
  }

  private request(verb: string, name: string, options: Options): void {
    switch (verb) {
      case 'join':
        return this.join(name, options);
      case 'enter':
        this.join(name, options);
        return this.join(name, options);
      case 'restart':
        this.client(name).memberId = '';
        return;
      case 'sync':
        return this.sync(name, options);
      case 'heartbeat':
        return this.heartbeat(name, options);
      case 'leave':
        return this.leave(name, options);
      case 'commit':
        return this.commit(name, options);
      default:
        return this.administer(verb, name, options);
    }
  }

  private administer(verb: string, name: string, options: Options): void {
    const { stage } = this;
    const version = (api: Api) => Number(options.get('version') ?? api.offered[stage.release]!.max);
    switch (verb) {
      case 'fetch': {
        const topics = [{ name: 'orders', partitionIndexes: [0, 1] }];
        const body = OffsetFetch.request.make({ groups: [{ groupId: GROUP, topics }] });
        stage.ask('?', OffsetFetch, 8, body);
        return;
      }
      case 'describe':
        stage.ask('?', DescribeGroups, version(DescribeGroups), DescribeGroups.request.make({ groups: [GROUP] }));
        return;
      case 'list':
        stage.ask('?', ListGroups, version(ListGroups), ListGroups.request.make());
        return;
      case 'delete':
        stage.ask('?', DeleteGroups, 2, DeleteGroups.request.make({ groupsNames: [GROUP] }));
        return;
      case 'delete-offset': {
        const topics = [{ name, partitions: [{ partitionIndex: 0 }] }];
        stage.ask('?', OffsetDelete, 0, OffsetDelete.request.make({ groupId: GROUP, topics }));
        return;
      }
      default:
        throw new Error(`unknown verb ${verb}`);
    }
  }

  private client(name: string): Client {
    let client = this.clients.get(name);
    if (client === undefined) {
      client = { memberId: '', generation: -1, instance: null, options: new Map() };
      this.clients.set(name, client);
    }
    return client;
  }

  private join(name: string, changes: Options): void {
    const client = this.client(name);
    const options = new Map([...client.options, ...changes]);
    client.options = options;
    client.instance = options.get('instance') ?? null;
    const seconds = (option: string, initial: number) => Number(options.get(option) ?? initial) * 1000;
    this.stage.ask(
      name,
      JoinGroup,
      Number(options.get('version') ?? 9),
      JoinGroup.request.make({
        groupId: GROUP,
        sessionTimeoutMs: seconds('session', 10),
        rebalanceTimeoutMs: seconds('rebalance', 60),
        memberId: client.memberId,
        groupInstanceId: client.instance,
        protocolType: options.get('type') ?? 'consumer',
        protocols: (options.get('protocols') ?? 'range').split(',').map((protocol) => ({
          name: protocol,
          metadata: subscription((options.get('topics') ?? 'orders').split(',')),
        })),
      }),
    );
  }

  private sync(name: string, options: Options): void {
    const client = this.client(name);
    const assignments = [...options]
      .filter(([member]) => this.clients.has(member))
      .map(([member, partitions]) => ({
        memberId: this.client(member).memberId,
        assignment: assignment('orders', partitions === '' ? [] : partitions.split(',').map(Number)),
      }));
    this.stage.ask(
      name,
      SyncGroup,
      5,
      SyncGroup.request.make({
        groupId: GROUP,
        generationId: Number(options.get('generation') ?? client.generation),
        memberId: client.memberId,
        groupInstanceId: client.instance,
        protocolType: options.get('type') ?? null,
        assignments,
      }),
    );
  }

  private heartbeat(name: string, options: Options): void {
    const { memberId, instance, generation } = this.client(name);
    this.stage.ask(
      name,
      Heartbeat,
      4,
      Heartbeat.request.make({
        groupId: GROUP,
        generationId: Number(options.get('generation') ?? generation),
        memberId,
        groupInstanceId: instance,
      }),
    );
  }

  private leave(name: string, options: Options): void {
    const byInstance = options.get('instance');
    const { memberId, instance } = this.client(name);
    const who =
      byInstance === undefined
        ? { memberId, groupInstanceId: instance }
        : { memberId: '', groupInstanceId: byInstance };
    this.stage.ask(name, LeaveGroup, 5, LeaveGroup.request.make({ groupId: GROUP, members: [who] }));
  }

  /** `commit - offset=5` is a simple consumer's. */
  private commit(name: string, options: Options): void {
    const client = name === '-' ? undefined : this.client(name);
    const partition = {
      partitionIndex: Number(options.get('partition') ?? 0),
      committedOffset: Number(options.get('offset')),
      committedMetadata: 'x'.repeat(Number(options.get('metadata') ?? 0)),
    };
    this.stage.ask(
      name,
      OffsetCommit,
      Number(options.get('version') ?? 9),
      OffsetCommit.request.make({
        groupId: GROUP,
        generationIdOrMemberEpoch: Number(options.get('generation') ?? client?.generation ?? -1),
        memberId: client?.memberId ?? '',
        groupInstanceId: client?.instance ?? null,
        topics: [{ name: options.get('topic') ?? 'orders', topicId: ZERO_UUID, partitions: [partition] }],
      }),
    );
  }

  private answered(name: string, api: Api, body: unknown): void {
    if (api.key === JoinGroup.key) {
      const { memberId, generationId, errorCode } = body as {
        memberId: string;
        generationId: number;
        errorCode: number;
      };
      const client = this.client(name);
      if (errorCode === 0 || memberId !== '') client.memberId = memberId;
      if (errorCode === 0) client.generation = generationId;
    }
    this.say(`${name} <- ${api.name} ${renderBody(api, body)}`);
  }

  private renderEvent({ kind, values }: TraceEvent): string {
    const fields = kind.fields.map((field, i) => {
      const value = values[i];
      return `${field}=${Array.isArray(value) ? `[${value.join(' ')}]` : String(value)}`;
    });
    return `${kind.name} ${fields.filter((field) => field !== `group=${GROUP}`).join(' ')}`;
  }

  /** Member ids with their chance taken out. */
  private names(text: string): string {
    return text.replace(
      /([\w]+)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g,
      (id, prefix) => {
        let known = this.ids.get(id);
        if (known === undefined) {
          const count = [...this.ids.values()].filter((name) => name.startsWith(`${prefix}#`)).length;
          known = `${prefix}#${count + 1}`;
          this.ids.set(id, known);
        }
        return known;
      },
    );
  }
}

function split(option: string): [string, string] {
  const at = option.indexOf('=');
  return [option.slice(0, at), option.slice(at + 1)];
}

/** What matters of an answer, in a line. */
function renderBody(api: Api, body: unknown): string {
  switch (api.key) {
    case JoinGroup.key: {
      const join = body as ReturnType<typeof JoinGroup.response.make>;
      if (join.errorCode !== 0) return `${errorName(join.errorCode)} memberId=${join.memberId}`;
      const members = join.members.map(({ memberId }) => memberId).join(' ');
      const skip = join.skipAssignment ? ' skipAssignment' : '';
      return `NONE generation=${join.generationId} protocol=${join.protocolName} leader=${join.leader} memberId=${join.memberId} members=[${members}]${skip}`;
    }
    case SyncGroup.key: {
      const sync = body as ReturnType<typeof SyncGroup.response.make>;
      return `${errorName(sync.errorCode)} [${partitionsOf(sync.assignment)}]`;
    }
    case OffsetCommit.key: {
      const { topics } = body as ReturnType<typeof OffsetCommit.response.make>;
      return topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorName(errorCode))).join(' ');
    }
    case OffsetFetch.key: {
      const { groups } = body as ReturnType<typeof OffsetFetch.response.make>;
      const { errorCode, topics } = groups[0]!;
      const offsets = topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, committedOffset }) => `${name}-${partitionIndex}=${committedOffset}`),
      );
      return `${errorName(errorCode)} ${offsets.join(' ')}`;
    }
    case LeaveGroup.key: {
      const { errorCode, members } = body as ReturnType<typeof LeaveGroup.response.make>;
      return [errorCode, ...members.map((member) => member.errorCode)].map(errorName).join(' ');
    }
    case DescribeGroups.key: {
      const group = (body as ReturnType<typeof DescribeGroups.response.make>).groups[0]!;
      const members = group.members.map(
        ({ memberId, memberAssignment }) => `${memberId}(${partitionsOf(memberAssignment)})`,
      );
      return `${errorName(group.errorCode)} ${group.groupState} type=${group.protocolType} protocol=${group.protocolData} members=[${members.join(' ')}]`;
    }
    case ListGroups.key: {
      const { errorCode, groups } = body as ReturnType<typeof ListGroups.response.make>;
      const listed = groups.map((group) => `${group.groupId}:${group.protocolType}:${group.groupState}`);
      return `${errorName(errorCode)} [${listed.join(' ')}]`;
    }
    case DeleteGroups.key:
      return (body as ReturnType<typeof DeleteGroups.response.make>).results
        .map(({ errorCode }) => errorName(errorCode))
        .join(' ');
    case OffsetDelete.key: {
      const { errorCode, topics } = body as ReturnType<typeof OffsetDelete.response.make>;
      const parts = topics.flatMap(({ partitions }) => partitions.map((partition) => errorName(partition.errorCode)));
      return [errorName(errorCode), ...parts].join(' ');
    }
    default:
      return errorName((body as { errorCode: number }).errorCode);
  }
}

function partitionsOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  return decodeAssignment(bytes)
    .assignedPartitions.flatMap(({ partitions }) => partitions)
    .join(',');
}
