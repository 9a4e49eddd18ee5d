/** A shop with three brokers, a producer and two consumers, whose prompt is typed into: transcripts of documentation come from it. */
import { attachChecker } from '../../src/checker/checker.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { Session } from '../../src/tools/session.ts';

type Settings = Readonly<Record<string, string | number | boolean>>;

export interface ShopOptions {
  /** Of the brokers. */
  readonly config?: Settings;
  /** Of the topic `orders`. */
  readonly topic?: Settings;
  /** Of the producer `web`; `acks` is all where nothing is said. */
  readonly web?: Settings;
  /** Records a second that `web` sends. */
  readonly rate?: number;
  /** Of the group `billing`. */
  readonly billing?: Settings;
  readonly members?: number;
  /** Time that `billing` takes for a record. */
  readonly process?: string;
  readonly commit?: 'before' | 'after';
  /** What else runs, as scenarios write it. */
  readonly clients?: Readonly<Record<string, object>>;
}

function textOf(options: ShopOptions): string {
  const { config, topic, web, rate = 20, billing, members = 2, process, commit, clients } = options;
  return JSON.stringify({
    version: 1,
    name: 'shop',
    cluster: { brokers: 3, quorum: 3, config: config ?? {} },
    topics: { orders: { partitions: 3, replicationFactor: 3, config: { 'min.insync.replicas': 2, ...topic } } },
    clients: {
      web: { produce: 'orders', rate: `${rate}/s`, keys: 20, config: { acks: 'all', ...web } },
      billing: {
        consume: 'orders',
        group: 'billing',
        members,
        ...(process !== undefined && { process }),
        ...(commit !== undefined && { commit }),
        config: { 'auto.offset.reset': 'earliest', ...billing },
      },
      ...clients,
    },
    steps: [],
  });
}

export class Shop {
  readonly #cluster: Cluster;
  readonly #session: Session;

  constructor(mode: Mode, options: ShopOptions = {}) {
    const plan = readScenario('shop.yaml', textOf(options));
    this.#cluster = new Cluster({ ...plan.cluster, mode, seed: 1 }, hostPorts);
    const checker = attachChecker(this.#cluster.trace, this.#cluster.world);
    this.#cluster.model.ledger = () => checker.ledger();
    this.#session = new Session(this.#cluster, checker);
    for (const client of plan.clients) this.#cluster.addClient(client);
    this.#cluster.boot();
    this.#cluster.startClients();
  }

  /** Types a line and lets time pass until it is answered. Throws where it fails, unless it is a check. */
  type(line: string): readonly string[] {
    let answer: readonly string[] | undefined;
    this.#session.execute(line, ({ ok, lines }) => {
      if (!ok && !/^expect\b/.test(line)) throw new Error(`${line}: ${lines.join('\n')}`);
      answer = lines;
    });
    while (answer === undefined && this.#cluster.world.runSlice(Number.MAX_SAFE_INTEGER, 1) > 0);
    return answer ?? [];
  }
}

/** What was typed, with the answers: of commands that only say that they are done, the line alone. */
export function transcript(shop: Shop, lines: readonly string[]): readonly string[] {
  const shown = lines.flatMap((line) => {
    const answer = shop.type(line);
    return answer.length === 1 && /^done\b/.test(answer[0]!) ? [`> ${line}`] : [`> ${line}`, ...answer];
  });
  return ['```', ...shown, '```'];
}
