import { api } from '../api.ts';
import { array, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks which broker coordinates a group, a transactional id or a share partition. */
export const FindCoordinator = api({
  key: 10,
  name: 'FindCoordinator',
  versions: '0-6',
  flexible: 3,
  offered: { '3.9': '0-6', '4.0': '0-6', '4.1': '0-6', '4.2': '0-6' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    key: string({ versions: '0-3' }),
    keyType: int8({ versions: '1+' }),
    coordinatorKeys: array(string(), { versions: '4+' }),
  }),
  response: struct({
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16({ versions: '0-3' }),
    errorMessage: string({ versions: '1-3', nullable: '0+', ignorable: true }),
    nodeId: int32({ versions: '0-3' }),
    host: string({ versions: '0-3' }),
    port: int32({ versions: '0-3' }),
    coordinators: array(
      struct({
        key: string(),
        nodeId: int32(),
        host: string(),
        port: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
      }),
      { versions: '4+' },
    ),
  }),
});

export type FindCoordinatorRequest = Value<typeof FindCoordinator.request>;

export type FindCoordinatorResponse = Value<typeof FindCoordinator.response>;
export type Coordinator = FindCoordinatorResponse['coordinators'][number];
