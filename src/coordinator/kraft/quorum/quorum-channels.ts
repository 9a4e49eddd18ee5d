/** Lines to the voters, made when first needed. */
import type { Context } from '../../../kernel/api.ts';
import type { RpcChannel, RpcSettings } from '../../../rpc/api.ts';
import { openChannel } from '../../../rpc/channel.ts';
import { CONTROLLER_PORT, type KraftCluster } from '../settings.ts';

export class QuorumChannels {
  private readonly channels = new Map<number, RpcChannel>();
  private readonly context: Context;
  private readonly cluster: KraftCluster;
  private readonly rpc: RpcSettings;
  private readonly clientId: string;
  private readonly requestTimeoutMs: number;

  constructor(context: Context, cluster: KraftCluster, { rpc, clientId, requestTimeoutMs }: QuorumChannelOptions) {
    this.context = context;
    this.cluster = cluster;
    this.rpc = rpc;
    this.clientId = clientId;
    this.requestTimeoutMs = requestTimeoutMs;
  }

  /** Undefined for an id that is no voter's. */
  to(voterId: number): RpcChannel | undefined {
    const known = this.channels.get(voterId);
    if (known !== undefined) return known;
    const voter = this.cluster.voters.find(({ id }) => id === voterId);
    if (voter === undefined) return undefined;
    const { clientId, requestTimeoutMs } = this;
    const options = { clientId, requestTimeoutMs, connectTimeoutMs: requestTimeoutMs, maxInFlight: 1 };
    const channel = openChannel(this.context, voter.node, CONTROLLER_PORT, options, this.rpc);
    this.channels.set(voterId, channel);
    return channel;
  }

  close(): void {
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
  }
}

export interface QuorumChannelOptions {
  readonly rpc: RpcSettings;
  readonly clientId: string;
  readonly requestTimeoutMs: number;
}
