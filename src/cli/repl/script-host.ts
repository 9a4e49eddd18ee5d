/** A timeline under a script: time passes only inside lines that wait, and where a line says so. */
import { attachChecker, KEPT_LIVE } from '../../checker/checker.ts';
import { Cluster } from '../../cluster/cluster.ts';
import type { ClusterOptions } from '../../cluster/options.ts';
import { hostPorts } from '../../gateway/ports.ts';
import { saveBranch, writeNew } from '../../gateway/save-file.ts';
import { lineWithFiles } from '../../gateway/tool-files.ts';
import type { Recorded } from '../../scenario/branches.ts';
import { DivergedError } from '../../scenario/execution.ts';
import type { Journey } from '../../scenario/journey.ts';
import { type TimeHost, timeLine, withFork } from '../../scenario/time-lines.ts';
import { Timeline } from '../../scenario/timeline.ts';
import { type Reply, Session } from '../../tools/session.ts';

const BATCH = 10_000;

export function newTimeline(options: ClusterOptions, recorded?: Recorded): Timeline {
  return new Timeline({
    recorded,
    mostBytes: Number.POSITIVE_INFINITY,
    make() {
      const cluster = new Cluster(options, hostPorts);
      const checker = attachChecker(cluster.trace, cluster.world, undefined, recorded && KEPT_LIVE);
      cluster.model.ledger = () => checker.ledger();
      const session = new Session(cluster, checker);
      cluster.boot();
      return session;
    },
  });
}

export class ScriptHost implements TimeHost {
  readonly timeline: Timeline;
  readonly clock = undefined;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  /** Runs a line, and the world until the line has ended. */
  finish(line: string): Reply {
    const { timeline } = this;
    const before = timeline.branch;
    let reply: Reply | undefined;
    const ended = (reached: Reply): void => {
      reply = reached;
    };
    if (!timeLine(this, line, ended)) {
      const read = lineWithFiles(line);
      if ('refused' in read) return read.refused;
      timeline.runUntil(timeline.nowUs);
      timeline.apply({ kind: 'line', text: read.line }, undefined, (answer) =>
        ended(withFork(answer, timeline, before)),
      );
    }
    while (reply === undefined)
      if (timeline.runSlice(Number.POSITIVE_INFINITY, 1) === 0)
        return { ok: false, lines: ['nothing more happens in this cluster'] };
    return reply;
  }

  whyNoWayBack(): undefined {
    return undefined;
  }

  look(journey: Journey, done: (failed?: string) => void): void {
    done(this.#advance(journey));
  }

  write(path: string, text: string, force: boolean): string | undefined {
    return writeNew(path, text, force);
  }

  save(rest: string): Reply {
    return saveBranch(this.timeline, rest);
  }

  travel(journey: Journey, arrived: (said: readonly string[], failed?: string) => void): void {
    arrived([], this.#advance(journey));
  }

  #advance(journey: Journey): string | undefined {
    try {
      while (!journey.advance(BATCH)) {}
      return undefined;
    } catch (thrown) {
      if (!(thrown instanceof DivergedError)) throw thrown;
      return thrown.message;
    }
  }
}
