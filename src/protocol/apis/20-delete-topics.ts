import { api } from '../api.ts';
import { array, int16, int32, string, struct, uuid, type Value } from '../schema.ts';

/** Deletes topics by name or id. */
export const DeleteTopics = api({
  key: 20,
  name: 'DeleteTopics',
  versions: '0-6',
  flexible: 4,
  offered: { '3.9': '0-6', '4.0': '1-6', '4.1': '1-6', '4.2': '1-6' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    topics: array(
      struct({
        name: string({ nullable: '0+', default: null }),
        topicId: uuid(),
      }),
      { versions: '6+' },
    ),
    topicNames: array(string(), { versions: '0-5', ignorable: true }),
    timeoutMs: int32(),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    responses: array(
      struct({
        name: string({ nullable: '6+' }),
        topicId: uuid({ versions: '6+', ignorable: true }),
        errorCode: int16(),
        errorMessage: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
      }),
    ),
  }),
});

export type DeleteTopicsRequest = Value<typeof DeleteTopics.request>;
export type DeleteTopicState = DeleteTopicsRequest['topics'][number];

export type DeleteTopicsResponse = Value<typeof DeleteTopics.response>;
export type DeletableTopicResult = DeleteTopicsResponse['responses'][number];
