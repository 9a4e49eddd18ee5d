/** The cluster as its trace tells it: what observables, dashboard, prompt and player read. Nothing here reaches into a machine. */
import { brokerEvents } from '../../broker/events.ts';
import type { Micros, Trace } from '../../kernel/api.ts';
import type { LedgerCounts } from '../ports.ts';
import { Authority } from './authority.ts';
import { Availability } from './availability.ts';
import { Changes } from './changes.ts';
import { Producers } from './clients.ts';
import { Groups } from './groups.ts';
import { Nodes } from './nodes.ts';
import { Quorum } from './quorum.ts';
import { QuorumMembers } from './quorum-members.ts';
import { RealClients } from './real-clients.ts';
import { Replicas } from './replicas.ts';
import { Sessions } from './sessions.ts';
import { TransactionalIds } from './transactions.ts';
import { Znodes } from './znodes.ts';

export interface ModelClock {
  readonly nowUs: Micros;
}

export class ClusterModel {
  readonly changes = new Changes();
  readonly authority: Authority;
  readonly nodes: Nodes;
  readonly replicas: Replicas;
  readonly quorum: Quorum;
  readonly quorumMembers: QuorumMembers;
  readonly sessions: Sessions;
  readonly groups: Groups;
  readonly transactions: TransactionalIds;
  readonly znodes: Znodes;
  readonly producers: Producers;
  readonly realClients: RealClients;
  readonly availability: Availability;
  /** Brokers that answer clients, by their node's name. */
  readonly serving = new Set<string>();
  /** Set by whoever attaches a checker; observables of the ledger read it. */
  ledger: (() => LedgerCounts) | undefined;
  readonly #clock: ModelClock;

  constructor(trace: Trace, clock: ModelClock, quorum: readonly string[]) {
    this.#clock = clock;
    this.nodes = new Nodes(trace, this.changes);
    this.authority = new Authority(trace, this.changes);
    this.replicas = new Replicas(trace, this.changes);
    this.quorum = new Quorum(trace, this.changes, quorum.length);
    this.quorumMembers = new QuorumMembers(trace, quorum);
    this.sessions = new Sessions(trace);
    this.znodes = new Znodes(trace, this.changes);
    this.producers = new Producers(trace, this.changes);
    this.realClients = new RealClients(trace, this.changes);
    this.groups = new Groups(trace, this.changes);
    this.transactions = new TransactionalIds(trace, this.changes);
    this.availability = new Availability(this.authority, this.nodes);
    this.authority.onPartition = (record) => this.availability.partitionChanged(record, clock.nowUs);
    this.nodes.onEnd = (name) => {
      this.authority.forgetBeliever(name);
      this.replicas.forgetBeliefs(name);
      this.quorum.forget(name);
      this.quorumMembers.forget(name);
      this.groups.forgetCoordinator(name);
      this.transactions.forgetCoordinator(name);
      this.serving.delete(name);
    };
    trace.subscribe([brokerEvents['broker-serving']], (event) => {
      this.serving.add(event.node);
      this.changes.mark('nodes');
    });
    this.nodes.onState = (record) => this.availability.nodeChanged(record.name, clock.nowUs);
  }

  get nowUs(): Micros {
    return this.#clock.nowUs;
  }
}
