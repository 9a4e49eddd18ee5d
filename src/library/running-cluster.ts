/** One cluster in the hands of a program: what `startCluster` gives. */

import { type LiveCluster, type LiveOptions, startLiveCluster } from '../gateway/live-cluster.ts';
import type { Plan } from '../scenario/plan.ts';
import type { Reply } from '../tools/session.ts';
import type { EventFilter, LedgerCounts, StartOptions, Value } from './api.ts';
import { ClusterAssertionError, ClusterCommandError } from './errors.ts';
import { EventStream } from './event-stream.ts';
import type { VerbResult } from './verb-methods.ts';

const LOOPBACK = '127.0.0.1';
const LISTENER = 'PLAINTEXT';

export class RunningCluster {
  readonly #plan: Plan;
  readonly #listen: LiveOptions['listeners'];
  readonly #speed: number;
  readonly #streams = new Set<EventStream>();
  #live: LiveCluster;

  private constructor(plan: Plan, listen: LiveOptions['listeners'], speed: number, live: LiveCluster) {
    this.#plan = plan;
    this.#speed = speed;
    this.#live = live;
    // The same ports again, should this cluster be replaced by an empty one.
    const ports = live.listeners?.options ?? [];
    this.#listen = listen.map((request, index) => ({ ...request, port: ports[index]?.ports ?? request.port }));
  }

  static async start(plan: Plan, { listen, speed = 1 }: StartOptions): Promise<RunningCluster> {
    const listeners =
      listen === false
        ? []
        : [
            {
              name: LISTENER,
              securityProtocol: 'PLAINTEXT' as const,
              host: listen?.host ?? LOOPBACK,
              port: listen?.port ?? 0,
            },
          ];
    return new RunningCluster(plan, listeners, speed, await startPlan(plan, listeners, speed));
  }

  get mode() {
    return this.#live.cluster.mode;
  }

  get seed(): number {
    return this.#live.cluster.world.seed;
  }

  get bootstrapServers(): readonly string[] {
    return this.#live.bootstrapServers;
  }

  readonly run = async (line: string): Promise<VerbResult> => {
    const reply = await this.#live.execute(line);
    if (!reply.ok) throw this.#failure(line, reply);
    const { end, lines } = reply;
    if (end?.kind === 'done')
      return { resolved: end.outcome.resolved, lines, value: end.outcome.value ?? null, effect: true };
    return { resolved: end?.kind === 'no-effect' ? end.resolved : [], lines, value: null, effect: end === undefined };
  };

  async expect(expression: string): Promise<void> {
    await this.run(`expect ${expression}`);
  }

  async value(expression: string): Promise<Value> {
    return this.#live.session.runner.evaluate(expression);
  }

  async settle(): Promise<void> {
    await this.run('settle');
  }

  ledger(): LedgerCounts {
    return this.#live.session.checker!.ledger();
  }

  events(filter: EventFilter = {}): EventStream {
    const stream = new EventStream(this.#live, filter, (ended) => void this.#streams.delete(ended));
    this.#streams.add(stream);
    return stream;
  }

  /** Ends this one; an empty cluster of the same shape comes up at the same addresses. */
  async reset(): Promise<void> {
    await this.stop();
    this.#live = await startPlan(this.#plan, this.#listen, this.#speed);
  }

  async stop(): Promise<void> {
    for (const stream of [...this.#streams]) stream.end();
    await this.#live.close();
  }

  #failure(line: string, { lines, end, causes = [] }: Reply): Error {
    const verdict = end?.kind === 'failed' ? end.verdict : undefined;
    if (verdict === undefined) return new ClusterCommandError(line, lines.join('\n'));
    const expression = line.replace(/^\s*\w+\s+/, '');
    return new ClusterAssertionError({ ...verdict, expression, causes, mode: this.mode, seed: this.seed });
  }
}

function startPlan(plan: Plan, listeners: LiveOptions['listeners'], speed: number): Promise<LiveCluster> {
  return startLiveCluster({
    cluster: { ...plan.cluster, mode: plan.modes[0]!, seed: plan.seed },
    listeners,
    speed,
    prepare(cluster) {
      for (const client of plan.clients) cluster.addClient(client);
    },
    begin: (cluster) => cluster.startClients(),
  });
}
