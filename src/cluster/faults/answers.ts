/** Answers that carry a given error, for requests that are not handled: shaped as the real broker would shape them. */
import type { Api } from '../../protocol/schema.ts';
import type { ServerRequest } from '../../rpc/api.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Where a request names its topics and their partitions, and under which names the response does. */
interface TopicShape {
  readonly topics: string;
  readonly partitions: string;
  /** Of a partition in the request; empty: the list holds bare numbers. */
  readonly index: string;
  readonly answerTopics: string;
  readonly answerPartitions: string;
  readonly answerIndex: string;
}

const SAME = {
  topics: 'topics',
  partitions: 'partitions',
  answerTopics: 'topics',
  answerPartitions: 'partitions',
} as const;

/** By API key. An API that is not here answers with its top-level error alone. */
const SHAPES: Readonly<Record<number, TopicShape>> = {
  0: {
    topics: 'topicData',
    partitions: 'partitionData',
    index: 'index',
    answerTopics: 'responses',
    answerPartitions: 'partitionResponses',
    answerIndex: 'index',
  },
  1: {
    topics: 'topics',
    partitions: 'partitions',
    index: 'partition',
    answerTopics: 'responses',
    answerPartitions: 'partitions',
    answerIndex: 'partitionIndex',
  },
  2: { ...SAME, index: 'partitionIndex', answerIndex: 'partitionIndex' },
  8: { ...SAME, index: 'partitionIndex', answerIndex: 'partitionIndex' },
  23: { ...SAME, index: 'partition', answerIndex: 'partition' },
};

const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? (value as readonly Fields[]) : []);

/** A response with this error wherever the request asks for an answer. */
export function answerWith(request: ServerRequest, errorCode: number): unknown {
  const { api, body } = request;
  const shape = SHAPES[api.key];
  const topLevel = make(api, {});
  if ('errorCode' in topLevel) (topLevel as { errorCode: number }).errorCode = errorCode;
  if (shape !== undefined) {
    const topics = list((body as Fields)[shape.topics]).map((topic) => ({
      ...nameOf(topic, api.key),
      [shape.answerPartitions]: list(topic[shape.partitions]).map((partition) => ({
        [shape.answerIndex]: partition[shape.index],
        errorCode,
      })),
    }));
    return make(api, { ...topLevel, [shape.answerTopics]: topics });
  }
  return make(api, { ...topLevel, ...listed(request, errorCode) });
}

function nameOf(topic: Fields, apiKey: number): Fields {
  // Fetch calls a topic's name `topic`; ListOffsets and OffsetForLeaderEpoch answer under the name of the request.
  const name = topic.name ?? topic.topic;
  const id = topic.topicId === undefined ? {} : { topicId: topic.topicId };
  return apiKey === 1 || apiKey === 23 ? { topic: name, ...id } : { name, ...id };
}

/** Answers that list what was asked for without partitions. */
function listed({ api, body }: ServerRequest, errorCode: number): Fields {
  const fields = body as Fields;
  switch (api.key) {
    case 3:
      return { topics: list(fields.topics).map(({ name, topicId }) => ({ name, topicId, errorCode })) };
    case 9:
      return {
        groups: list(fields.groups).map(({ groupId }) => ({ groupId, errorCode })),
      };
    case 10: {
      const keys = fields.coordinatorKeys;
      const coordinators = (Array.isArray(keys) ? keys : []).map((key) => ({
        key,
        nodeId: -1,
        host: '',
        port: -1,
        errorCode,
        errorMessage: null,
      }));
      return { coordinators, errorCode, nodeId: -1, port: -1 };
    }
    case 19:
      return { topics: list(fields.topics).map(({ name }) => ({ name, errorCode })) };
    case 20:
      return { responses: list(fields.topics).map(({ name, topicId }) => ({ name, topicId, errorCode })) };
    default:
      return {};
  }
}

function make(api: Api, fields: Fields): Fields {
  return (api.response.make as (init: Fields) => unknown)(fields) as Fields;
}

/** The same response with this error in place of every success: a broker that did the work and reports a failure. */
export function withError(value: unknown, errorCode: number): unknown {
  if (Array.isArray(value)) return value.map((item) => withError(item, errorCode));
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  const changed: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value))
    changed[key] = key === 'errorCode' ? errorCode : withError(inner, errorCode);
  return changed;
}

/** Whether a request speaks of one of these names or ids, anywhere. */
export function mentions(value: unknown, names: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return names.has(value);
  if (Array.isArray(value)) return value.some((item) => mentions(item, names));
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return false;
  return Object.values(value).some((inner) => mentions(inner, names));
}
