import { createHash } from 'node:crypto';
import { GroupCoordinator } from '../../src/broker/groups/coordinator.ts';
import { decodeGroupRecord } from '../../src/broker/groups/group-records.ts';
import { brokerConfig } from '../../src/config/resources.ts';
import type { Context, TraceEvent, World } from '../../src/kernel/api.ts';
import { createWorld } from '../../src/kernel/world.ts';
import type { Api, Release, RequestOf, ResponseOf } from '../../src/protocol/schema.ts';
import { askHandler } from '../helpers/ask-handler.ts';
import { FakeAuthority, FakeCoordination } from '../helpers/fake-authority.ts';
import { identityOf } from '../helpers/identity.ts';
import { FakeInternalLog } from './fake-internal-log.ts';

export interface StageOptions {
  readonly release?: Release;
  readonly config?: Record<string, string>;
}

const PARTITION = 0;

/** A group coordinator over a log that the test holds in its hand, in a world of its own. */
export class GroupStage {
  readonly world: World;
  readonly log = new FakeInternalLog();
  readonly authority = new FakeAuthority();
  readonly events: TraceEvent[] = [];
  /** Called with every answer, when it comes. */
  onAnswer: (client: string, api: Api, body: unknown) => void = () => {};
  coordinator!: GroupCoordinator;
  private coordination!: FakeCoordination;
  /** What transaction coordinators say about partitions of this one. */
  verification: ReadonlyMap<string, number> = new Map();
  private leaderEpoch = 0;
  readonly release: Release;

  constructor({ release = '4.2', config = {} }: StageOptions = {}) {
    this.release = release;
    this.world = createWorld({ seed: 1, digest });
    this.world.trace.subscribe('all', (event) => this.events.push(event));
    this.authority.features.set('group.version', 1);
    this.authority.createTopic('orders', [[1], [1], [1], [1]]);
    this.authority.createTopic('other', [[1]]);
    const node = this.world.addNode({ name: 'broker-1', disks: 0, cpuThreads: 1 });
    node.start((context) => {
      this.open(context, config);
      return {};
    });
    this.elect();
    this.run(10);
  }

  private open(context: Context, config: Record<string, string>): void {
    this.log.context = context;
    this.coordination = new FakeCoordination(context, this.authority, identityOf(1, 'host-1', 9092));
    this.coordinator = new GroupCoordinator({
      context,
      brokerId: 1,
      config: brokerConfig(config, { version: this.release }),
      coordination: this.coordination,
      log: this.log,
      producerIds: { allocate: () => {} },
      verifier: { ask: (_, done) => done(this.verification) },
      peers: () => {
        throw new Error('nobody else is here');
      },
    });
  }

  /** The broker learns of what the authority has by now. */
  refresh(): void {
    this.coordination.image = this.authority.image();
  }

  elect(): void {
    this.coordinator.onElected(PARTITION, this.leaderEpoch++);
  }

  resign(): void {
    this.coordinator.onResigned(PARTITION);
    this.log.held = [];
  }

  run(ms: number): void {
    this.world.runUntil(this.world.nowUs + ms * 1000);
  }

  ask<A extends Api>(
    client: string,
    api: A,
    version: number,
    body: RequestOf<A>,
    then: (body: ResponseOf<A>) => void = () => {},
  ): void {
    askHandler(this.coordinator.handlers, client, api, version, body, (answer) => {
      then(answer);
      this.onAnswer(client, api, answer);
    });
  }

  /** The log, decoded, one line each. */
  logLines(): string[] {
    return this.log.records.map((record) => {
      const decoded = decodeGroupRecord(record)!;
      if (decoded.kind === 'offset')
        return `offset ${decoded.group} ${decoded.topic}-${decoded.partition} ${decoded.value?.offset ?? 'tombstone'}`;
      if (decoded.kind !== 'group') {
        const { kind, group, value, ...rest } = decoded;
        const of = 'member' in rest ? rest.member : 'regex' in rest ? rest.regex : undefined;
        return [
          kind,
          group,
          ...(of === undefined ? [] : [of]),
          value === null ? 'tombstone' : JSON.stringify(value),
        ].join(' ');
      }
      if (decoded.value === null) return `group ${decoded.group} tombstone`;
      const { generation, protocol, leader, members } = decoded.value;
      const ids = members.map(({ memberId }) => memberId).join(' ');
      return `group ${decoded.group} generation=${generation} protocol=${protocol} leader=${leader} members=[${ids}]`;
    });
  }
}

function digest() {
  const hash = createHash('sha256');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), hex: () => hash.copy().digest('hex') };
}
