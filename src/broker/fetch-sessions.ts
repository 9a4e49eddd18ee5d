import type { Chance, Context } from '../kernel/api.ts';
import type { FetchRequest } from '../protocol/apis/01-fetch.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { replicaIdOf } from './fetch-request.ts';
import { FetchEntry, FetchWatch } from './fetch-watch.ts';

/** A slot whose session was idle for this long may be taken by anybody (`FetchSession.MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS`). */
const EVICTION_MS = 120_000;

/** A reader's standing list of partitions, so that its fetches name only what changed (KIP-227). */
export interface FetchSession {
  readonly id: number;
  readonly watch: FetchWatch;
  readonly byTopicId: boolean;
  /** The epoch that its next request must carry. */
  epoch: number;
  lastUsedMs: number;
}

/** What a fetch request means, after its session was looked up. */
export type FetchContext =
  | { readonly kind: 'refused'; readonly error: number }
  /** A whole list; `session` null: it lives for this request only. */
  | { readonly kind: 'full'; readonly watch: FetchWatch; readonly session: FetchSession | null }
  | { readonly kind: 'incremental'; readonly watch: FetchWatch; readonly session: FetchSession };

/** How a session's topics are found. */
export interface TopicNames {
  topicOf(topicId: string): string | undefined;
}

/** The sessions of one broker (Kafka's `FetchManager` and `FetchSessionCache`). */
export class FetchSessions {
  private readonly sessions = new Map<number, FetchSession>();
  private readonly context: Context;
  private readonly chance: Chance;
  private readonly slots: number;
  private readonly names: TopicNames;

  /** `slots`: `max.incremental.fetch.session.cache.slots`. */
  constructor(context: Context, slots: number, names: TopicNames) {
    this.context = context;
    this.chance = context.chance('fetch-sessions');
    this.slots = slots;
    this.names = names;
  }

  get count(): number {
    return this.sessions.size;
  }

  open(request: FetchRequest, version: number): FetchContext {
    const { sessionId, sessionEpoch } = request;
    if (sessionEpoch > 0) return this.resume(request, version);
    if (sessionId !== 0) this.drop(this.sessions.get(sessionId));
    const watch = new FetchWatch(replicaIdOf(request, version));
    this.list(watch, request, version);
    const session = sessionEpoch === 0 && watch.entries.size > 0 ? this.create(watch, version) : null;
    return { kind: 'full', watch, session };
  }

  private resume(request: FetchRequest, version: number): FetchContext {
    const session = this.sessions.get(request.sessionId);
    if (session === undefined) return { kind: 'refused', error: ErrorCode.FETCH_SESSION_ID_NOT_FOUND };
    if (session.epoch !== request.sessionEpoch)
      return { kind: 'refused', error: ErrorCode.INVALID_FETCH_SESSION_EPOCH };
    if (session.byTopicId !== version >= 13) return { kind: 'refused', error: ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR };
    session.epoch = session.epoch === 0x7fffffff ? 1 : session.epoch + 1;
    session.lastUsedMs = this.context.nowMs();
    const { watch } = session;
    for (const topic of request.forgottenTopicsData) {
      const key = session.byTopicId ? topic.topicId : topic.topic;
      for (const partition of topic.partitions) {
        const entry = watch.get(key, partition);
        if (entry !== undefined) watch.remove(entry);
      }
    }
    this.list(watch, request, version);
    if (watch.entries.size > 0) return { kind: 'incremental', watch, session };
    this.drop(session);
    return { kind: 'full', watch, session: null };
  }

  /** Takes over what the request names. */
  private list(watch: FetchWatch, request: FetchRequest, version: number): void {
    const { topics } = request;
    for (let t = 0; t < topics.length; t++) {
      const topic = topics[t]!;
      const key = version >= 13 ? topic.topicId : topic.topic;
      const { partitions } = topic;
      for (let p = 0; p < partitions.length; p++) {
        const position = partitions[p]!;
        let entry = watch.get(key, position.partition);
        if (entry === undefined) {
          entry =
            version >= 13
              ? new FetchEntry(watch, key, { name: this.names.topicOf(key) ?? '', id: key }, position.partition)
              : new FetchEntry(watch, key, { name: key, id: '' }, position.partition);
          watch.add(entry);
        }
        entry.moveTo(position);
      }
    }
  }

  private create(watch: FetchWatch, version: number): FetchSession | null {
    if (this.sessions.size >= this.slots && !this.makeRoom(watch)) return null;
    let id: number;
    do id = 1 + this.chance.below(0x7fffffff);
    while (this.sessions.has(id));
    const session = { id, watch, byTopicId: version >= 13, epoch: 1, lastUsedMs: this.context.nowMs() };
    this.sessions.set(id, session);
    return session;
  }

  /** A new session takes the slot of one that is long idle, or of one that matters less: followers before consumers, larger before smaller. */
  private makeRoom(watch: FetchWatch): boolean {
    const nowMs = this.context.nowMs();
    let victim: FetchSession | undefined;
    for (const session of this.sessions.values()) {
      if (nowMs - session.lastUsedMs > EVICTION_MS) {
        this.drop(session);
        return true;
      }
      if (victim === undefined || weight(session.watch) < weight(victim.watch)) victim = session;
    }
    if (victim === undefined || weight(victim.watch) >= weight(watch)) return false;
    this.drop(victim);
    return true;
  }

  private drop(session: FetchSession | undefined): void {
    if (session === undefined) return;
    this.sessions.delete(session.id);
    session.watch.clear();
  }
}

function weight(watch: FetchWatch): number {
  return (watch.replicaId >= 0 ? 2 ** 40 : 0) + watch.entries.size;
}
