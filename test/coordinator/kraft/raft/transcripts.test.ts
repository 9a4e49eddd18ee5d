import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leaderOf } from '../../../../src/coordinator/kraft/raft/state.ts';
import { type Observation, SimulatedQuorum } from './simulated-quorum.ts';
import { renderTranscript } from './transcript.ts';

const folder = new URL('../../../transcripts/raft/', import.meta.url);

test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('raft transcript %s', async (name) => {
  const file = new URL(name, folder);
  const rendered = renderTranscript(readFileSync(file, 'utf8'), new Stage().execute);
  await expect(rendered).toMatchFileSnapshot(file.pathname);
});

/** Executes the verbs of the transcripts: `quorum`, `start`, `tick`, `append`, `cut`, `heal`, `crash`, `resign`, `shutdown`, `state`, `log`, `mute`. */
class Stage {
  private quorum = new SimulatedQuorum([], [], { delayMs: () => 1, flushMs: () => 0, chance: () => 0 });
  private readonly cuts = new Set<string>();
  private muted: readonly string[] = [];
  private draws = new Map<number, number>();

  readonly execute = (line: string): readonly string[] => {
    const [verb, ...args] = line.split(' ');
    this.quorum.observed.length = 0;
    const result = this.perform(verb!, args);
    return result ?? this.quorum.observed.filter(({ what }) => !this.muted.includes(what)).map(renderObservation);
  };

  private perform(verb: string, args: readonly string[]): string[] | undefined {
    const [first = ''] = args;
    const id = Number(first);
    switch (verb) {
      case 'quorum':
        this.create(args);
        return;
      case 'mute':
        this.muted = args;
        return [];
      case 'start':
        for (const arg of args) this.quorum.start(Number(arg));
        return;
      case 'tick':
        this.quorum.run(Number(first.replace('ms', '')));
        return;
      case 'append':
        this.quorum.append(id, Number(args[1]!.replace('count=', '')));
        return;
      case 'cut':
        for (const pair of args) this.cuts.add(pair);
        return [];
      case 'heal':
        this.cuts.clear();
        return [];
      case 'crash':
        this.quorum.crash(id);
        return;
      case 'resign':
        this.quorum.input(id, { kind: 'resign', epoch: this.quorum.member(id).raft?.epoch ?? 0 });
        return;
      case 'shutdown':
        this.quorum.input(id, { kind: 'shutdown' });
        return;
      case 'state':
        return this.state();
      case 'log': {
        const { log, highWatermark } = this.quorum.member(id);
        const records = log.entries.map(({ epoch, payload }) =>
          payload === 0 ? `${epoch}:leader` : `${epoch}:${payload}`,
        );
        return [`LEO=${log.endOffset} HW=${highWatermark} ${records.join(' ')}`];
      }
      default:
        throw new Error(`unknown verb ${verb}`);
    }
  }

  /** `draws=1:200,2:700`: what each node draws, in ms above the least time-out. */
  private create(args: readonly string[]): void {
    const option = (name: string) => args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
    const ids = (name: string) => (option(name) ?? '').split(',').filter(Boolean).map(Number);
    this.draws = new Map(
      (option('draws') ?? '').split(',').map((pair) => pair.split(':').map(Number) as [number, number]),
    );
    this.quorum = new SimulatedQuorum(ids('voters'), ids('observers'), {
      delayMs: (from, to) => (this.cuts.has(`${from}>${to}`) ? null : 1),
      flushMs: () => 2,
      chance: (node) => this.draws.get(node) ?? 0,
    });
    for (const id of this.quorum.members.keys()) this.quorum.start(id);
  }

  private state(): string[] {
    return [...this.quorum.members.values()].map(({ id, raft, log, highWatermark }) => {
      if (raft === null) return `${id} down`;
      const leader = leaderOf(raft);
      return `${id} ${raft.role.kind} epoch=${raft.epoch} leader=${leader} LEO=${log.endOffset} HW=${highWatermark}`;
    });
  }
}

function renderObservation({ atMs, node, what, detail }: Observation): string {
  return `${String(atMs).padStart(6)}ms ${node} ${what} ${detail}`.trimEnd();
}
