/**
 * From znodes to decisions: what a committed txn of the ensemble means for the cluster, in the vocabulary that both kinds of
 * coordination share. One translator reads the commits of one ensemble, each once, in order.
 */
import type { Context } from '../../../kernel/api.ts';
import { authorityEvents as kinds } from '../../index.ts';
import { OpCode } from '../ensemble/codes.ts';
import type { DataTree } from '../ensemble/data-tree.ts';
import type { Txn, TxnBody } from '../ensemble/txn.ts';
import { SecurityTranslator } from './authority-security.ts';
import {
  BROKER_IDS_PATH,
  decodeBroker,
  decodeConfig,
  decodeState,
  decodeTopic,
  type Leadership,
  parseEntityPath,
  TOPICS_PATH,
  type TopicZNode,
  topicPath,
} from './znodes.ts';

export interface CommittedTxn {
  readonly context: Context;
  readonly txn: Txn;
  /** As it is after the txn. */
  readonly tree: DataTree;
}

export class AuthorityTranslator {
  private readonly topics = new Map<string, TopicZNode>();
  private readonly states = new Map<string, Leadership & { readonly partitionEpoch: number }>();
  private readonly security = new SecurityTranslator();
  private readonly configs = new Map<string, ReadonlyMap<string, string>>();

  readonly onCommit = (commit: CommittedTxn): void => this.take(commit, commit.txn.body);

  private take(commit: CommittedTxn, body: TxnBody): void {
    switch (body.type) {
      case OpCode.multi:
        for (const op of body.txns) this.take(commit, op);
        break;
      case OpCode.create:
        if (body.data !== null) this.written(commit, body.path, body.data, 0);
        break;
      case OpCode.setData:
        this.written(commit, body.path, body.data, body.version);
        break;
      case OpCode.delete:
        this.deleted(commit, body.path, 'its znode was deleted');
        break;
      case OpCode.closeSession:
        for (const path of body.paths2Delete) this.deleted(commit, path, 'its session ended');
        break;
      default:
    }
  }

  private written(commit: CommittedTxn, path: string, data: Uint8Array | null, version: number): void {
    if (path.startsWith(`${BROKER_IDS_PATH}/`)) {
      this.brokerWritten(commit, Number(path.slice(BROKER_IDS_PATH.length + 1)), path, data);
    } else if (path.startsWith(`${TOPICS_PATH}/`)) {
      const parts = path.slice(TOPICS_PATH.length + 1).split('/');
      if (parts.length === 1) this.topicWritten(commit, parts[0]!, data);
      else if (parts[3] === 'state') this.stateWritten(commit, parts[0]!, Number(parts[2]), data, version);
    } else if (path.startsWith('/config/')) {
      this.configWritten(commit, path.slice('/config/'.length), data);
    } else if (path.startsWith('/kafka-acl')) {
      this.security.aclsWritten(path, { context: commit.context, version: commit.txn.zxid, data });
    }
  }

  private deleted(commit: CommittedTxn, path: string, reason: string): void {
    const { context, txn } = commit;
    if (path.startsWith(`${BROKER_IDS_PATH}/`)) {
      const id = Number(path.slice(BROKER_IDS_PATH.length + 1));
      context.emit(kinds['broker-unregistered'], [txn.zxid, id, reason]);
      return;
    }
    if (path.startsWith('/config/')) this.configWritten(commit, path.slice('/config/'.length), null);
    if (path.startsWith('/kafka-acl')) this.security.aclsWritten(path, { context, version: txn.zxid, data: null });
    if (!path.startsWith(`${TOPICS_PATH}/`)) return;
    const name = path.slice(TOPICS_PATH.length + 1);
    const topic = this.topics.get(name);
    if (topic === undefined) return;
    this.topics.delete(name);
    for (const partition of topic.partitions.keys()) this.states.delete(`${name}-${partition}`);
    context.emit(kinds['topic-deleted'], [txn.zxid, name, topic.topicId]);
  }

  private brokerWritten({ context, txn, tree }: CommittedTxn, id: number, path: string, data: Uint8Array | null): void {
    const broker = decodeBroker(id, data);
    const czxid = tree.get(path)?.czxid;
    if (broker === undefined || czxid === undefined) return;
    context.emit(kinds['broker-registered'], [txn.zxid, id, czxid, broker.rack]);
  }

  private topicWritten(commit: CommittedTxn, name: string, data: Uint8Array | null): void {
    const topic = decodeTopic(data);
    if (topic === undefined) return;
    const { context, txn } = commit;
    const known = this.topics.get(name);
    this.topics.set(name, topic);
    if (known?.topicId !== topic.topicId) {
      const replicationFactor = topic.partitions.values().next().value?.replicas.length ?? 0;
      const values = [txn.zxid, name, topic.topicId, topic.partitions.size, replicationFactor];
      context.emit(kinds['topic-created'], values);
      return;
    }
    for (const [partition, { replicas }] of topic.partitions) {
      const before = known.partitions.get(partition)?.replicas;
      const state = this.states.get(`${name}-${partition}`);
      if (state === undefined || before === undefined || before.join() === replicas.join()) continue;
      this.tell(commit, name, partition, state, { unclean: false, reason: 'replicas-reassigned' });
    }
  }

  private stateWritten(
    commit: CommittedTxn,
    topic: string,
    partition: number,
    data: Uint8Array | null,
    partitionEpoch: number,
  ): void {
    const decoded = decodeState(data);
    if (decoded === undefined) return;
    const name = `${topic}-${partition}`;
    const before = this.states.get(name);
    const state = { ...decoded, partitionEpoch };
    this.states.set(name, state);
    const replicas = this.topics.get(topic)?.partitions.get(partition)?.replicas ?? [];
    const unclean = before !== undefined && state.leader >= 0 && !before.isr.includes(state.leader);
    this.tell(commit, topic, partition, state, { unclean, reason: reasonOf(before, state, replicas) });
  }

  private tell(
    { context, txn, tree }: CommittedTxn,
    topic: string,
    partition: number,
    state: Leadership & { readonly partitionEpoch: number },
    { unclean, reason }: { readonly unclean: boolean; readonly reason: string },
  ): void {
    const znode = this.topics.get(topic) ?? decodeTopic(tree.get(topicPath(topic))?.data ?? null);
    const { leader, leaderEpoch, partitionEpoch, isr } = state;
    context.emit(kinds['partition-changed'], [
      txn.zxid,
      `${topic}-${partition}`,
      znode?.topicId ?? '',
      leader,
      leaderEpoch,
      partitionEpoch,
      isr,
      znode?.partitions.get(partition)?.replicas ?? [],
      [],
      unclean,
      reason,
    ]);
  }

  private configWritten({ context, txn }: CommittedTxn, entity: string, data: Uint8Array | null): void {
    const resource = parseEntityPath(entity);
    if (resource === undefined) {
      this.security.clientSettingsWritten(entity, { context, version: txn.zxid, data });
      return;
    }
    const before = this.configs.get(entity) ?? new Map<string, string>();
    const after = decodeConfig(data);
    this.configs.set(entity, after);
    const { type, name } = resource;
    for (const [setting, value] of after) {
      if (before.get(setting) !== value) {
        context.emit(kinds['config-changed'], [txn.zxid, type, name, setting, value]);
      }
    }
    for (const setting of before.keys()) {
      if (!after.has(setting)) context.emit(kinds['config-changed'], [txn.zxid, type, name, setting, null]);
    }
  }
}

/** A state znode does not say why; what has changed does. */
function reasonOf(before: Leadership | undefined, after: Leadership, replicas: readonly number[]): string {
  if (before === undefined) return 'topic-created';
  if (after.leader < 0) return before.leader < 0 ? 'replica-offline' : 'leader-lost';
  if (after.leader !== before.leader) {
    if (!before.isr.includes(after.leader)) return 'unclean-election';
    return after.leader === replicas[0] ? 'preferred-leader-elected' : 'leader-elected';
  }
  if (after.leaderEpoch === before.leaderEpoch) {
    return after.isr.length < before.isr.length ? 'isr-shrunk' : 'isr-expanded';
  }
  return after.isr.length < before.isr.length ? 'replica-offline' : 'leader-epoch-raised';
}
