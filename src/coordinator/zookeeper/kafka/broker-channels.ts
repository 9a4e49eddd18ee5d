/** Lines to other brokers, found in the metadata, made when first needed. */
import type { Context } from '../../../kernel/api.ts';
import type { RpcChannel, RpcSettings } from '../../../rpc/api.ts';
import { openChannel } from '../../../rpc/channel.ts';
import type { ControllerChannels } from '../../controller-channel.ts';
import type { MetadataImage } from '../../index.ts';

export interface BrokerChannelOptions {
  readonly rpc: RpcSettings;
  readonly port: string;
  readonly clientId: string;
  readonly requestTimeoutMs: number;
}

export class BrokerChannels implements ControllerChannels {
  private readonly context: Context;
  private readonly options: BrokerChannelOptions;
  private readonly image: () => MetadataImage;
  private readonly byNode = new Map<string, RpcChannel>();

  constructor(context: Context, options: BrokerChannelOptions, image: () => MetadataImage) {
    this.context = context;
    this.options = options;
    this.image = image;
  }

  to(id: number): RpcChannel | undefined {
    const broker = this.image().brokers.get(id);
    return broker === undefined ? undefined : this.toNode(broker.node);
  }

  toNode(node: string): RpcChannel {
    let channel = this.byNode.get(node);
    if (channel === undefined) {
      const { rpc, port, clientId, requestTimeoutMs } = this.options;
      channel = openChannel(this.context, node, port, { clientId, requestTimeoutMs, maxInFlight: 1 }, rpc);
      this.byNode.set(node, channel);
    }
    return channel;
  }

  close(): void {
    for (const channel of this.byNode.values()) channel.close();
    this.byNode.clear();
  }
}
