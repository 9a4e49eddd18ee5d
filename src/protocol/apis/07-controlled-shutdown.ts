import { api } from '../api.ts';
import { array, int16, int32, int64, string, struct, type Value } from '../schema.ts';

/** A broker of a ZooKeeper cluster asks the controller to move its leaderships away before it stops. */
export const ControlledShutdown = api({
  key: 7,
  name: 'ControlledShutdown',
  versions: '0-3',
  flexible: 3,
  offered: { '3.9': '0-3' },
  listeners: ['zkBroker', 'controller'],
  request: struct({
    brokerId: int32(),
    brokerEpoch: int64({ versions: '2+', default: -1, ignorable: true }),
  }),
  response: struct({
    errorCode: int16(),
    remainingPartitions: array(
      struct({
        topicName: string(),
        partitionIndex: int32(),
      }),
    ),
  }),
});

export type ControlledShutdownRequest = Value<typeof ControlledShutdown.request>;

export type ControlledShutdownResponse = Value<typeof ControlledShutdown.response>;
export type RemainingPartition = ControlledShutdownResponse['remainingPartitions'][number];
