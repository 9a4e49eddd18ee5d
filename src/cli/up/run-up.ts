import process from 'node:process';
import { attachChecker } from '../../checker/checker.ts';
import { Cluster } from '../../cluster/cluster.ts';
import { drive } from '../../gateway/pace.ts';
import { hostPorts } from '../../gateway/ports.ts';
import type { TraceEvent } from '../../kernel/api.ts';
import { eventObject } from '../../tools/event-object.ts';
import { Session } from '../../tools/session.ts';
import { readClusterOptions } from '../cluster-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { eventLine, seconds } from '../lines.ts';
import { openOutput } from '../terminal/output.ts';

/** Starts a cluster and keeps it running until `--for` is over, or somebody ends it. */
export async function runUp(options: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const clusterOptions = await readClusterOptions(options);
  const output = openOutput(options);
  const cluster = new Cluster(clusterOptions, hostPorts);
  const untilUs = options.for as number | undefined;
  if (output.interactive) {
    const checker = attachChecker(cluster.trace, cluster.world);
    cluster.model.ledger = () => checker.ledger();
    const session = new Session(cluster, checker);
    cluster.boot();
    const { show } = await import('../dashboard/show.tsx');
    const title = `kzsim ${cluster.mode}, seed ${cluster.world.seed}`;
    const speed = options.speed as number;
    return show({ cluster, session, title, run: undefined, speed, untilUs, colour: output.paints.on });
  }
  const wanted = { speed: options.speed as number, untilUs };
  return lines(cluster, wanted, options, output);
}

interface Wanted {
  readonly speed: number;
  /** Virtual time from readiness. */
  readonly untilUs: number | undefined;
}

/** Without a terminal: one line an event, as it happens. */
function lines(
  cluster: Cluster,
  { speed, untilUs }: Wanted,
  options: Readonly<Record<string, unknown>>,
  output: ReturnType<typeof openOutput>,
): Promise<ExitCode> {
  const json = options.json === true;
  const print = (event: TraceEvent): void => {
    if (event.kind.level !== 'notable' || output.quiet) return;
    const zeroUs = cluster.zeroUs ?? 0;
    output.line(json ? JSON.stringify(eventObject(event, zeroUs)) : eventLine(event, zeroUs, output.paints));
  };
  // Only when the cluster is ready does it show when time 0 was.
  const early: TraceEvent[] = [];
  const collect = cluster.trace.subscribe('all', (event) => void early.push(event));
  cluster.boot();
  collect();
  for (const event of early) print(event);
  cluster.trace.subscribe('all', print);
  const brokers = cluster.options.brokers.length;
  output.note(
    `ready after ${seconds(cluster.world.nowUs)} of virtual time: ${brokers} ${brokers === 1 ? 'broker' : 'brokers'}, ` +
      `${cluster.mode} mode, seed ${cluster.world.seed}`,
  );
  return new Promise((resolve, reject) => {
    const interrupted = (): void => {
      pace.stop();
      resolve(EXIT.interrupted);
    };
    const end = (): void => {
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
    };
    const pace = drive(cluster.world, {
      speed,
      finished: () => untilUs !== undefined && cluster.timeUs >= untilUs,
      onSlice() {},
      onEnd() {
        end();
        resolve(EXIT.passed);
      },
      onFailure(thrown) {
        end();
        reject(thrown);
      },
    });
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
  });
}
