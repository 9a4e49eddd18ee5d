/**
 * Quotas of clients on this broker (KIP-13, KIP-55, KIP-124, KIP-219; `ClientQuotaManager`): whoever is above its rate is answered at once,
 * with the time for which its connection is not listened to. Each broker counts for itself.
 */
import type { Config } from '../../config/config.ts';
import type { SecurityImage } from '../../coordinator/index.ts';
import type { Context } from '../../kernel/api.ts';
import type { Peer } from '../../rpc/api.ts';
import { TokenBucket } from './mutations.ts';
import { type HeldQuota, quotaFor } from './quota-lookup.ts';
import { SampledRate } from './sampled-rate.ts';

type QuotaName = 'producer_byte_rate' | 'consumer_byte_rate' | 'request_percentage' | 'controller_mutation_rate';

const MUTATIONS = 'controller_mutation_rate';

export class ClientQuotas {
  private readonly context: Context;
  private readonly security: () => SecurityImage;
  private readonly windowMs: number;
  private readonly windows: number;
  /** How many seconds of its rate somebody may spend at once. */
  private readonly mutationSeconds: number;
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly rates = new Map<string, SampledRate>();
  /** Which quota holds for whom, as long as the quotas are these. */
  private quotas: unknown = null;
  private readonly held = new Map<string, HeldQuota | undefined>();

  constructor(context: Context, config: Config, security: () => SecurityImage) {
    this.context = context;
    this.security = security;
    this.windowMs = config.number('quota.window.size.seconds') * 1000;
    this.windows = config.number('quota.window.num');
    this.mutationSeconds =
      config.number('controller.quota.window.num') * config.number('controller.quota.window.size.seconds');
  }

  /** Without quotas nobody is counted. */
  get any(): boolean {
    return this.security().quotas.size > 0;
  }

  /** Counts, and says how long the client is to be throttled; what it had counts whether or not it is. */
  record(name: QuotaName, peer: Peer, amount: number): number {
    const quota = this.quotaOf(name, peer);
    if (quota === undefined) return 0;
    const nowMs = this.context.nowMs();
    const rate = this.rateOf(name, quota);
    rate.record(nowMs, amount);
    const throttleMs = rate.throttleMs(nowMs, quota.bound);
    // A share of the handlers' time is never waited for longer than one window.
    return name === 'request_percentage' ? Math.min(throttleMs, this.windowMs) : throttleMs;
  }

  /** Takes changes of metadata from the client's bucket; false, if they are refused, because it owes some already. */
  takeMutations(peer: Peer, count: number, isStrict: boolean): boolean {
    const found = this.bucketOf(peer);
    if (found === undefined) return true;
    const { bucket, perSecond, most } = found;
    if (isStrict && bucket.level(this.context.nowMs(), { perSecond, most }) < 0) return false;
    bucket.take(count);
    return true;
  }

  /** Until nothing is owed any more. */
  mutationThrottleMs(peer: Peer): number {
    const found = this.bucketOf(peer);
    if (found === undefined) return 0;
    const { bucket, perSecond, most } = found;
    return Math.max(0, Math.round((-bucket.level(this.context.nowMs(), { perSecond, most }) / perSecond) * 1000));
  }

  private bucketOf(peer: Peer): { bucket: TokenBucket; perSecond: number; most: number } | undefined {
    const quota = this.quotaOf(MUTATIONS, peer);
    if (quota === undefined) return undefined;
    const { bound: perSecond, sharedBy } = quota;
    const most = perSecond * this.mutationSeconds;
    let bucket = this.buckets.get(sharedBy);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.context.nowMs(), most);
      this.buckets.set(sharedBy, bucket);
    }
    return { bucket, perSecond, most };
  }

  /** What was counted did not happen after all. */
  takeBack(name: QuotaName, peer: Peer, amount: number): void {
    const quota = this.quotaOf(name, peer);
    if (quota !== undefined) this.rateOf(name, quota).record(this.context.nowMs(), -amount);
  }

  private quotaOf(name: QuotaName, { identity, clientId }: Peer): HeldQuota | undefined {
    const security = this.security();
    if (this.quotas !== security.quotas) {
      this.quotas = security.quotas;
      this.held.clear();
    }
    const user = identity.principal.slice(identity.principal.indexOf(':') + 1);
    const key = JSON.stringify([name, user, clientId]);
    if (!this.held.has(key)) this.held.set(key, quotaFor(security, name, user, clientId));
    return this.held.get(key);
  }

  private rateOf(name: QuotaName, { sharedBy }: HeldQuota): SampledRate {
    const key = `${name} ${sharedBy}`;
    let rate = this.rates.get(key);
    if (rate === undefined) {
      rate = new SampledRate(this.windowMs, this.windows);
      this.rates.set(key, rate);
    }
    return rate;
  }
}
