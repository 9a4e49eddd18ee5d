/** The cluster under a client: a live one in this process, on free ports. */
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { startLiveCluster } from '../../src/gateway/live-cluster.ts';

export interface Target {
  readonly bootstrapServers: readonly string[];
  /** Executes a line of the prompt; rejects if it fails. */
  execute(line: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Members of groups may be short of breath. */
const CONFIG = { 'group.min.session.timeout.ms': '1000' };

export async function startTarget(mode: Mode): Promise<Target> {
  const live = await startLiveCluster({
    cluster: { ...defaultClusterOptions(mode, 1), timers: 'fast', config: CONFIG },
    listeners: [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '127.0.0.1', port: 0 }],
  });
  return {
    bootstrapServers: live.bootstrapServers,
    async execute(line) {
      const { ok, lines } = await live.execute(line);
      if (!ok) throw new Error(`${line}: ${lines.join('; ')}`);
      return lines;
    },
    close: () => live.close(),
  };
}
