/** A broker that does nothing but what its coordination needs of it, and remembers what it was told. */
import type { BrokerCoordination, BrokerHost, MetadataDelta, PartitionState } from '../../../src/coordinator/index.ts';
import type { Context, Program } from '../../../src/kernel/api.ts';
import { apiByKey } from '../../../src/protocol/apis/index.ts';
import type { RpcService, RpcSettings, ServerRequest } from '../../../src/rpc/api.ts';
import { serve } from '../../../src/rpc/server.ts';
import { identityOf } from '../../helpers/identity.ts';
import type { CoordinationMode } from './modes.ts';

/** Where brokers and controllers talk to a broker. */
const REPLICATION_PORT = '9091';

/** A partition's role here, by the deltas alone. */
export type Role = { readonly kind: 'leader' | 'follower'; readonly state: PartitionState };

export class FollowingBroker implements Program, BrokerHost, RpcService {
  readonly coordination: BrokerCoordination;
  readonly deltas: MetadataDelta[] = [];
  readonly roles = new Map<string, Role>();
  readonly deleted: string[] = [];
  isServing = false;
  leftAtMs = -1;
  readonly directoryIds: readonly string[];
  readonly previousBrokerEpoch = -1;
  private readonly context: Context;

  constructor(context: Context, mode: CoordinationMode, rpc: RpcSettings, id: number) {
    this.context = context;
    this.directoryIds = [`AAAAAAAAAAAAAAAAAAAA${id}A`];
    this.coordination = mode.coordination(context, {
      ...identityOf(id, 'localhost', 9091 + id),
      node: context.node,
    });
    serve(context, REPLICATION_PORT, this, rpc);
    this.coordination.start(this);
  }

  versionsOf(apiKey: number): { min: number; max: number } | undefined {
    if (!this.coordination.handles.includes(apiKey)) return undefined;
    return apiByKey(apiKey)?.offered['3.9'] ?? undefined;
  }

  handle(request: ServerRequest): void {
    if (!this.coordination.handle(request)) request.close();
  }

  onMetadata(delta: MetadataDelta): void {
    this.deltas.push(delta);
    for (const { name } of delta.deleted) {
      this.roles.delete(name);
      this.deleted.push(name);
    }
    for (const state of delta.leaders) this.roles.set(state.name, { kind: 'leader', state });
    for (const state of delta.followers) this.roles.set(state.name, { kind: 'follower', state });
  }
  onServing(): void {
    this.isServing = true;
  }
  onFatal(reason: string): void {
    this.context.exit(1, reason);
  }
  terminate(): void {
    this.coordination.controlledShutdown(() => {
      this.leftAtMs = this.context.nowMs();
      this.coordination.close();
      this.context.exit(0, 'terminated');
    });
  }
}
