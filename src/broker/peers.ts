import type { BrokerInfo } from '../coordinator/index.ts';
import type { Context } from '../kernel/api.ts';
import type { Release } from '../protocol/schema.ts';
import type { RpcChannel, RpcSettings } from '../rpc/api.ts';
import { openChannel } from '../rpc/channel.ts';

export interface PeerSettings {
  readonly release: Release;
  readonly rpc: RpcSettings;
  readonly port: string;
  readonly requestTimeoutMs: number;
}

/** A broker's connections to others (and to itself) for one purpose. */
export interface PeerChannels {
  readonly settings: Pick<PeerSettings, 'release'>;
  channelTo(broker: BrokerInfo): Pick<RpcChannel, 'send'>;
}

/** One request at a time, and hardly a pause before the next connection (Kafka's `InterBrokerSendThread`). */
const CHANNEL = { reconnectBackoffMs: 50, reconnectBackoffMaxMs: 50, maxInFlight: 1 };

/** They are made when they are needed. */
export class Peers implements PeerChannels {
  readonly settings: PeerSettings;
  private readonly context: Context;
  private readonly clientId: string;
  private readonly channels = new Map<number, RpcChannel>();

  constructor(context: Context, settings: PeerSettings, clientId: string) {
    this.context = context;
    this.settings = settings;
    this.clientId = clientId;
  }

  channelTo({ id, node }: BrokerInfo): RpcChannel {
    let channel = this.channels.get(id);
    if (channel === undefined || channel.node !== node) {
      channel?.close();
      const { port, requestTimeoutMs, rpc } = this.settings;
      channel = openChannel(this.context, node, port, { clientId: this.clientId, requestTimeoutMs, ...CHANNEL }, rpc);
      this.channels.set(id, channel);
    }
    return channel;
  }
}
