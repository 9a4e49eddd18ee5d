import type { FieldValue, LinkRule, Micros, NetworkControl, RuleHandle, SightedMessage } from './api.ts';
import type { ChanceStreams } from './chance.ts';
import type { ConnectionEnd, Host, Resident } from './connection.ts';
import { kernelEvents } from './events.ts';
import { type InstalledRule, Link, type LinkBase } from './link.ts';
import type { Scheduler } from './scheduler.ts';
import type { TraceRecorder } from './trace.ts';
import type { Named } from './trace-codec.ts';
import { type LinkTable, TcpTransport } from './transport.ts';

const LOOPBACK_US = 20;

export interface NetworkOptions {
  readonly latencyUs: Micros;
  readonly jitterUs: Micros;
}

/** A name that no machine had when it was asked for. One may come to bear it later. */
class AbsentHost implements Host {
  readonly name: string;
  readonly source: Named;
  private readonly hosts: ReadonlyMap<string, Host>;

  constructor(name: string, hosts: ReadonlyMap<string, Host>) {
    this.name = name;
    this.source = { name, number: -1 };
    this.hosts = hosts;
  }

  get powered(): boolean {
    return this.hosts.get(this.name)?.powered ?? false;
  }

  get powerCycle(): number {
    return this.hosts.get(this.name)?.powerCycle ?? 0;
  }

  get resident(): Resident | null {
    return this.hosts.get(this.name)?.resident ?? null;
  }
}

/** All machines, the ways between them, and the rules by which these misbehave. */
export class Network implements NetworkControl, LinkTable {
  readonly transport: TcpTransport;
  private readonly hosts = new Map<string, Host>();
  private readonly links = new Map<string, Map<string, Link>>();
  private rules: InstalledRule[] = [];
  private readonly scheduler: Scheduler;
  private readonly trace: TraceRecorder;
  private readonly world: Named;
  private readonly chances: ChanceStreams;
  private readonly options: NetworkOptions;

  constructor(
    scheduler: Scheduler,
    trace: TraceRecorder,
    world: Named,
    chances: ChanceStreams,
    options: NetworkOptions,
  ) {
    this.scheduler = scheduler;
    this.trace = trace;
    this.world = world;
    this.chances = chances;
    this.options = options;
    this.transport = new TcpTransport(scheduler, trace, this);
  }

  add(host: Host): void {
    this.hosts.set(host.name, host);
  }

  /** A machine that does not exist (yet) is like one that is off. */
  hostCalled(name: string): Host {
    return this.hosts.get(name) ?? new AbsentHost(name, this.hosts);
  }

  link(from: string, to: string): Link {
    let row = this.links.get(from);
    if (row === undefined) {
      row = new Map();
      this.links.set(from, row);
    }
    let link = row.get(to);
    if (link === undefined) {
      link = new Link(from, to, this.baseOf(from, to), this.chances.stream(`network/${from}>${to}`));
      row.set(to, link);
      // Both directions exist together: whether one is plain depends on the other.
      this.link(to, from);
      this.applyRules(link);
    }
    return link;
  }

  private baseOf(from: string, to: string): LinkBase {
    if (from === to) return { latencyUs: LOOPBACK_US, jitterUs: 0, loopback: true };
    const ownUs = this.hosts.get(from)?.linkLatencyUs ?? this.hosts.get(to)?.linkLatencyUs;
    return { ...(ownUs === undefined ? this.options : { latencyUs: ownUs, jitterUs: 0 }), loopback: false };
  }

  install(rule: LinkRule): RuleHandle {
    const installed: InstalledRule = { rule, hits: 0 };
    this.record('link-rule-installed', [rule.name, rule.effect.kind, rule.nodes ?? []]);
    this.rules = [...this.rules, installed];
    this.applyAll();
    return {
      get hits() {
        return installed.hits;
      },
      remove: () => this.remove(installed),
    };
  }

  reset(matches: (a: string, b: string) => boolean): number {
    const broken = new Map<number, ConnectionEnd>();
    for (const host of this.hosts.values()) {
      for (const end of host.resident?.ends ?? []) {
        const concerned = matches(end.localNode, end.remoteNode) || matches(end.remoteNode, end.localNode);
        if (end.open && concerned && !broken.has(end.id)) broken.set(end.id, end);
      }
    }
    for (const end of broken.values()) this.transport.break(end);
    return broken.size;
  }

  listenIn(listener: (message: SightedMessage) => void): () => void {
    const { transport } = this;
    const own = (message: SightedMessage): void => listener(message);
    transport.listeners = [...transport.listeners, own];
    this.applyAll();
    return () => {
      transport.listeners = transport.listeners.filter((other) => other !== own);
      this.applyAll();
    };
  }

  private remove(installed: InstalledRule): void {
    if (!this.rules.includes(installed)) return;
    this.rules = this.rules.filter((other) => other !== installed);
    this.record('link-rule-removed', [installed.rule.name, installed.hits]);
    this.applyAll();
    for (const row of this.links.values()) for (const link of row.values()) link.release(this.scheduler);
  }

  private applyAll(): void {
    for (const row of this.links.values()) for (const link of row.values()) this.applyRules(link);
  }

  /**
   * A direction is plain when no rule concerns it and the way back is not blocked (acknowledgements travel there). To those who
   * listen in, messages are shown on the way that is not plain, so that the plain one need not ask whether there are any.
   */
  private applyRules(link: Link): void {
    link.applyRules(this.rules);
    const unheard = this.transport.listeners.length === 0;
    const back = this.links.get(link.to)?.get(link.from);
    link.plain = unheard && !link.ruled && back?.blocked !== true;
    if (back !== undefined) back.plain = unheard && !back.ruled && !link.blocked;
  }

  private record(kind: 'link-rule-installed' | 'link-rule-removed', values: readonly FieldValue[]): void {
    const { scheduler } = this;
    this.trace.record(scheduler.nowUs, this.world, kernelEvents[kind], values, scheduler.cause);
  }
}
