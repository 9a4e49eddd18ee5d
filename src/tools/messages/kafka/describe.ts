/** How the describers of Kafka's messages put things: one file a family, one entry an API. */
import { errorName } from '../../../protocol/errors.ts';
import type { Api, RequestOf, ResponseOf } from '../../../protocol/schema.ts';
import { METADATA_TOPIC_ID } from '../../../protocol/uuid.ts';
import type { Told } from '../summary.ts';

/** The name of a topic by its id. */
export type TopicNames = (id: string) => string | undefined;

/** Says what the messages of one API tell. */
export interface Describer {
  readonly api: Api;
  request(body: unknown, names: TopicNames): Told;
  response(body: unknown, names: TopicNames): Told;
}

export function describes<A extends Api>(
  api: A,
  texts: {
    request(body: RequestOf<A>, names: TopicNames): Told;
    response(body: ResponseOf<A>, names: TopicNames): Told;
  },
): Describer {
  const untyped: Pick<Describer, 'request' | 'response'> = texts;
  return { api, request: untyped.request, response: untyped.response };
}

const METADATA_TOPIC = '__cluster_metadata';

/** `orders-0`; the one partition of the metadata log is `metadata`. */
export function partitionText(topic: string | null, id: string, partition: number, names: TopicNames): string {
  if (topic === METADATA_TOPIC || id === METADATA_TOPIC_ID) return 'metadata';
  const name = topic === null || topic === '' ? (names(id) ?? id) : topic;
  return `${name}-${partition}`;
}

/** The first few of many: `orders, payments (+3)`. */
export function some(words: readonly string[], most = 2): string {
  const rest = words.length - most;
  return rest > 0 ? `${words.slice(0, most).join(', ')} (+${rest})` : words.join(', ');
}

/** Behind the text of the first of so many. */
export const more = (count: number): string => (count > 1 ? ` (+${count - 1})` : '');

export const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** An answer that says no more than whether it went well. */
export function outcome(error: number, text = ''): Told {
  return error === 0 ? { text } : failed(error);
}

export function failed(error: number, before = ''): Told {
  const name = errorName(error);
  return { text: before === '' ? name : `${before} ${name}`, error };
}

/** Of several results the first that failed; otherwise what is said of success. */
export function results(
  each: readonly { readonly what: string; readonly error: number }[],
  success: () => string,
): Told {
  const wrong = each.filter(({ error }) => error !== 0);
  const first = wrong[0];
  if (first === undefined) return { text: success() };
  return { text: `${first.what} ${errorName(first.error)}${more(wrong.length)}`, error: first.error };
}
