/**
 * The quota of metadata changes (KIP-599, `ControllerMutationQuotaManager`): partitions that somebody creates or deletes a second. A bucket
 * of tokens; who asks by a new version is refused topic by topic when it is empty, who asks by an old one is only throttled.
 *
 * Not as in Kafka: the broker that is asked counts, where in KRaft mode the controller does.
 */
import { CreateTopics, type CreateTopicsRequest } from '../../protocol/apis/19-create-topics.ts';
import { DeleteTopics, type DeleteTopicsRequest } from '../../protocol/apis/20-delete-topics.ts';
import { CreatePartitions, type CreatePartitionsRequest } from '../../protocol/apis/37-create-partitions.ts';
import { ErrorCode, errorMeaning } from '../../protocol/errors.ts';
import type { Api } from '../../protocol/schema.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { Peer } from '../../rpc/api.ts';
import { part } from '../security/guard.ts';
import type { BrokerServices } from '../services.ts';

const EXCEEDED = {
  errorCode: ErrorCode.THROTTLING_QUOTA_EXCEEDED,
  errorMessage: errorMeaning(ErrorCode.THROTTLING_QUOTA_EXCEEDED),
};

/** Tokens come at the rate of the quota, up to what all windows hold; they may be owed. */
export class TokenBucket {
  private tokens: number;
  private atMs: number;

  constructor(nowMs: number, most: number) {
    this.tokens = most;
    this.atMs = nowMs;
  }

  /** What there is; below 0: so much is owed. */
  level(nowMs: number, { perSecond, most }: { readonly perSecond: number; readonly most: number }): number {
    this.tokens = Math.min(most, this.tokens + ((nowMs - this.atMs) * perSecond) / 1000);
    this.atMs = nowMs;
    return this.tokens;
  }

  take(count: number): void {
    this.tokens -= count;
  }
}

/** Takes a topic's partitions from the bucket; false: it is empty, and the topic is refused. */
export type Take = (peer: Peer, partitions: number, isStrict: boolean) => boolean;

/** What is left of a request, and how its answer is completed. */
export interface Limited {
  readonly body: unknown;
  readonly complete: (response: never) => unknown;
}

/** Undefined: the API changes no metadata. */
export function limitMutations(
  services: BrokerServices,
  request: { readonly api: Api; readonly version: number; readonly body: unknown; readonly peer: Peer },
  take: Take,
): Limited | undefined {
  const { api, version, body, peer } = request;
  switch (api.key) {
    case CreateTopics.key:
      return creations(services, body as CreateTopicsRequest, (count) => take(peer, count, version >= 6));
    case DeleteTopics.key:
      return deletions(services, body as DeleteTopicsRequest, (count) => take(peer, count, version >= 5));
    case CreatePartitions.key:
      return growths(services, body as CreatePartitionsRequest, (count) => take(peer, count, version >= 3));
    default:
      return undefined;
  }
}

type Count = (partitions: number) => boolean;

function creations({ settings }: BrokerServices, body: CreateTopicsRequest, take: Count): Limited {
  const { kept, refused } = part(body.topics, ({ numPartitions, assignments }) =>
    take(assignments.length || (numPartitions < 0 ? settings.numPartitions : numPartitions)),
  );
  const { topics } = CreateTopics.response.make({
    topics: refused.map(({ name }) => ({ name, ...EXCEEDED, configs: [] })),
  });
  type Response = ReturnType<typeof CreateTopics.response.make>;
  return {
    body: { ...body, topics: kept },
    complete: (response: Response) => ({ ...response, topics: [...response.topics, ...topics] }),
  };
}

function deletions({ coordination }: BrokerServices, body: DeleteTopicsRequest, take: Count): Limited {
  const { image } = coordination;
  const asked = part(body.topics, ({ name, topicId }) => {
    const topic = name === null ? image.topicById(topicId) : image.topics.get(name);
    return take(topic?.partitions.length ?? 0);
  });
  const named = part(body.topicNames, (name) => take(image.topics.get(name)?.partitions.length ?? 0));
  const refused = [
    ...asked.refused.map(({ name, topicId }) => ({ name, topicId, ...EXCEEDED })),
    ...named.refused.map((name) => ({ name, topicId: ZERO_UUID, ...EXCEEDED })),
  ];
  type Response = ReturnType<typeof DeleteTopics.response.make>;
  return {
    body: { ...body, topics: asked.kept, topicNames: named.kept },
    complete: (response: Response) => ({ ...response, responses: [...response.responses, ...refused] }),
  };
}

function growths({ coordination }: BrokerServices, body: CreatePartitionsRequest, take: Count): Limited {
  const { topics } = coordination.image;
  const { kept, refused } = part(body.topics, ({ name, count }) =>
    take(Math.max(0, count - (topics.get(name)?.partitions.length ?? count))),
  );
  const results = refused.map(({ name }) => ({ name, ...EXCEEDED }));
  type Response = ReturnType<typeof CreatePartitions.response.make>;
  return {
    body: { ...body, topics: kept },
    complete: (response: Response) => ({ ...response, results: [...response.results, ...results] }),
  };
}
