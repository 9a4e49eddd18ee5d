/** Lines at the prompt of a cluster of its own, and what they answer. */
import { attachChecker } from '../../src/checker/checker.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { type ClusterOptions, defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { type Reply, Session } from '../../src/tools/session.ts';

export class PromptScript {
  readonly session: Session;

  constructor(mode: Mode, options: Partial<ClusterOptions> = {}) {
    const orders = { name: 'orders', partitions: 3, replicationFactor: 3, assignment: undefined, config: {} };
    const cluster = new Cluster({ ...defaultClusterOptions(mode, 1), topics: [orders], ...options }, hostPorts);
    const checker = attachChecker(cluster.trace, cluster.world);
    cluster.model.ledger = () => checker.ledger();
    this.session = new Session(cluster, checker);
    cluster.boot();
  }

  /** Runs the world until the line has ended. */
  reply(line: string): Reply {
    let reply: Reply | undefined;
    this.session.execute(line, (ended) => {
      reply = ended;
    });
    while (reply === undefined) if (!this.session.cluster.world.step()) throw new Error(`${line}: never ended`);
    return reply;
  }

  /** As a transcript shows it: an empty line is `\`, and a line that failed ends with `exit 1`. */
  readonly execute = (line: string): readonly string[] => {
    const { ok, lines } = this.reply(line);
    return [...lines.map((text) => (text === '' ? '\\' : text)), ...(ok ? [] : ['exit 1'])];
  };
}
