import type { EventId } from '../kernel/api.ts';
import type { FetchRequest, FetchResponse, FetchResponseNodeEndpoint } from '../protocol/apis/01-fetch.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { Peer, ServerRequest } from '../rpc/api.ts';
import { type FetchReader, NO_LEADER } from './fetch-read.ts';
import type { FetchSession } from './fetch-sessions.ts';
import type { FetchWatch, ParkedFetch } from './fetch-watch.ts';
import { endpointFor } from './listeners.ts';
import type { ReplicaManager } from './replica-manager.ts';

/**
 * A fetch that waits for enough bytes, an error, or the end of its patience (Kafka's `DelayedFetch`). What it read on arrival
 * is thrown away: it reads again when it ends, so that it answers with what is true then.
 */
export class DelayedFetch implements ParkedFetch {
  completed = false;
  readonly cause: EventId;
  readonly minBytes: number;
  private readonly maxBytes: number;
  private readonly request: ServerRequest<FetchRequest>;
  private readonly watch: FetchWatch;
  private readonly session: FetchSession | null;
  private readonly everything: boolean;
  private readonly reader: FetchReader;
  private readonly manager: ReplicaManager;

  constructor(
    manager: ReplicaManager,
    request: ServerRequest<FetchRequest>,
    how: { readonly watch: FetchWatch; readonly session: FetchSession | null; readonly everything: boolean },
  ) {
    this.manager = manager;
    this.reader = manager.reader;
    this.request = request;
    this.watch = how.watch;
    this.session = how.session;
    this.everything = how.everything;
    this.cause = manager.context.cause;
    this.maxBytes = Math.min(request.body.maxBytes, manager.settings.fetchMaxBytes);
    this.minBytes = Math.min(request.body.minBytes, this.maxBytes);
  }

  /** The first look; answers at once or parks. */
  arrive(): void {
    const { watch, reader, manager } = this;
    watch.parked?.onTimeout();
    reader.collect(watch, 'arrival', this.everything, this.maxBytes);
    watch.lastFetchMs = manager.context.wallMs();
    const { maxWaitMs } = this.request.body;
    if (maxWaitMs <= 0 || watch.entries.size === 0 || this.isEnough()) {
      this.answer();
      return;
    }
    watch.parked = this;
    manager.fetchPurgatory.park(this, maxWaitMs);
  }

  /** Something happened to one of its partitions. */
  recheck(): void {
    this.reader.collect(this.watch, 'again', this.everything, this.maxBytes);
    if (this.isEnough()) this.answer();
  }

  onTimeout(): void {
    this.reader.collect(this.watch, 'again', this.everything, this.maxBytes);
    this.answer();
  }

  private isEnough(): boolean {
    return this.reader.urgent || this.reader.bytes >= this.minBytes;
  }

  private answer(): void {
    const { watch, session, reader } = this;
    this.completed = true;
    if (watch.parked === this) watch.parked = null;
    reader.commit(watch);
    const response = fetchResponse(reader, session === null ? 0 : session.id, {
      manager: this.manager,
      request: this.request,
    });
    reader.release();
    if (session === null) watch.clear();
    this.request.respond(response);
  }
}

function fetchResponse(
  reader: FetchReader,
  sessionId: number,
  { manager, request: { peer, version } }: { readonly manager: ReplicaManager; readonly request: ServerRequest },
): FetchResponse {
  const { found, foundEntries } = reader;
  const responses: { topic: string; topicId: string; partitions: (typeof found)[number][] }[] = [];
  let leaders: number[] | undefined;
  let topicKey = '';
  for (let i = 0; i < reader.count; i++) {
    const entry = foundEntries[i]!;
    const data = found[i]!;
    if (responses.length === 0 || entry.topicKey !== topicKey) {
      topicKey = entry.topicKey;
      const topicId = entry.topicId === '' ? ZERO_UUID : entry.topicId;
      responses.push({ topic: entry.topicId === '' ? entry.topic : '', topicId, partitions: [] });
    }
    responses[responses.length - 1]!.partitions.push(data);
    const { leaderId } = data.currentLeader;
    if (leaderId >= 0 && version < FIRST_VERSION_WITH_LEADERS) data.currentLeader = NO_LEADER;
    else if (leaderId >= 0) {
      leaders ??= [];
      if (!leaders.includes(leaderId)) leaders.push(leaderId);
    }
  }
  const nodeEndpoints = leaders === undefined ? NO_ENDPOINTS : endpointsOf(manager, leaders, peer);
  return { throttleTimeMs: 0, errorCode: 0, sessionId, responses, nodeEndpoints };
}

/** Older clients find the leader by Metadata (KIP-951). */
const FIRST_VERSION_WITH_LEADERS = 16;
const NO_ENDPOINTS: readonly FetchResponseNodeEndpoint[] = [];

/** Where the named brokers are, as far as this broker knows, for whoever asks. */
export function endpointsOf(
  manager: ReplicaManager,
  brokerIds: readonly number[],
  peer: Peer,
): FetchResponseNodeEndpoint[] {
  const endpoints: FetchResponseNodeEndpoint[] = [];
  for (const id of brokerIds) {
    const broker = manager.coordination.image.brokers.get(id);
    const endpoint = broker === undefined ? null : endpointFor(broker, peer);
    if (broker !== undefined && endpoint !== null)
      endpoints.push({ nodeId: id, host: endpoint.host, port: endpoint.port, rack: broker.rack });
  }
  return endpoints;
}
