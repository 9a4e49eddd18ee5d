/** What the procedures of one controllership share. Made at the election, thrown away at the resignation. */
import type { Context } from '../../../../kernel/api.ts';
import type { ZooKeeperModeSettings } from '../settings.ts';
import type { ZkAccess } from '../zk-access.ts';
import type { RequestBatch } from './request-batch.ts';
import type { BrokerSenders } from './senders.ts';
import type { ControllerState } from './state.ts';

export interface ControllerParts {
  readonly context: Context;
  readonly zk: ZkAccess;
  readonly state: ControllerState;
  readonly batch: RequestBatch;
  readonly senders: BrokerSenders;
  readonly settings: ZooKeeperModeSettings;
  /** Dynamic settings of all brokers. */
  readonly brokerDefaults: () => ReadonlyMap<string, string>;
}
