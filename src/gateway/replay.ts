/** Runs a recorded live run again, without any client: the same world, handed the same inputs at the same moments of virtual time. */
import { attachChecker, KEPT_LIVE } from '../checker/checker.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { LedgerCounts, Violation } from '../cluster/ports.ts';
import type { Recorded, Tip } from '../scenario/branches.ts';
import { Inputs } from '../scenario/inputs.ts';
import type { Input, JournalEnd, JournalHeader } from '../scenario/journal.ts';
import { JournalError, readHeader, readLine } from '../scenario/journal-read.ts';
import { actsOn, Session } from '../tools/session.ts';
import { base64, linesOf } from './journal-file.ts';
import { hostPorts } from './ports.ts';

export interface Replayed {
  readonly header: JournalHeader;
  readonly connections: number;
  readonly frames: number;
  readonly lines: number;
  /** Where it stands in the end, in microseconds since readiness. */
  readonly untilUs: number;
  readonly events: number;
  readonly hash: string;
  /** How the recording ended; undefined: it was cut off. */
  readonly recorded: JournalEnd | undefined;
  /** Line behind which nothing was read, where the recording was cut off. */
  readonly lastLine: number;
  /** Whether the trace is the recorded one; undefined where the recording does not say. */
  readonly same: boolean | undefined;
  readonly violations: readonly Violation[];
  readonly ledger: LedgerCounts;
}

/** `prepare` is given the cluster before its first event. Throws `JournalError` and `JournalFileError`. */
export function replay(path: string, prepare: (cluster: Cluster) => void = () => {}): Replayed {
  const lines = linesOf(path);
  const first = lines.next();
  if (first.done === true || !first.value.whole) throw new JournalError(1, 'there is no whole line in it');
  const header = readHeader(first.value.text);
  const run = new Replay(header, prepare);
  let lastLine = 1;
  for (const { text, whole } of lines) {
    if (!whole) break;
    lastLine += 1;
    if (run.ended !== undefined) throw new JournalError(lastLine, 'there is something behind the end of the recording');
    run.read(text, lastLine);
  }
  return run.result(lastLine);
}

/** A recording as a run to go along. Throws `JournalError` and `JournalFileError`. */
export function readRecording(path: string): { readonly header: JournalHeader; readonly recorded: Recorded } {
  const lines = linesOf(path);
  const first = lines.next();
  if (first.done === true || !first.value.whole) throw new JournalError(1, 'there is no whole line in it');
  const header = readHeader(first.value.text);
  const inputs: { readonly atUs: number; readonly input: Input }[] = [];
  let tip: Tip | undefined;
  let atUs = 0;
  let number = 1;
  for (const { text, whole } of lines) {
    if (!whole) break;
    number += 1;
    const line = readLine(text, number, atUs, base64);
    if (line.kind === 'end') {
      const { end } = line;
      tip = { atUs: end.atUs, events: undefined, hash: undefined, ...(end.kind === 'end' && end) };
      break;
    }
    atUs = line.atUs;
    if (line.input.kind !== 'line' || actsOn(line.input.text)) inputs.push(line);
  }
  return { header, recorded: { inputs, tip: tip ?? { atUs, events: undefined, hash: undefined } } };
}

class Replay {
  ended: JournalEnd | undefined;
  readonly #header: JournalHeader;
  readonly #cluster: Cluster;
  readonly #checker: ReturnType<typeof attachChecker>;
  readonly #inputs: Inputs;
  readonly #counts = { open: 0, frame: 0, line: 0 };
  #atUs = 0;

  constructor(header: JournalHeader, prepare: (cluster: Cluster) => void) {
    this.#header = header;
    const cluster = new Cluster(header.options, hostPorts);
    this.#cluster = cluster;
    this.#checker = attachChecker(cluster.trace, cluster.world, undefined, KEPT_LIVE);
    cluster.model.ledger = () => this.#checker.ledger();
    this.#inputs = new Inputs(cluster, new Session(cluster, this.#checker), (_atUs, { kind }) => {
      if (kind === 'open' || kind === 'frame' || kind === 'line') this.#counts[kind] += 1;
    });
    prepare(cluster);
    cluster.boot();
  }

  read(text: string, line: number): void {
    const read = readLine(text, line, this.#atUs, base64);
    const { world } = this.#cluster;
    if (read.kind === 'end') {
      this.ended = read.end;
      world.runUntil(read.end.atUs);
      return;
    }
    this.#atUs = read.atUs;
    if (read.atUs < world.nowUs)
      throw new JournalError(line, `its time ${read.atUs} is before the cluster was ready, at ${world.nowUs}`);
    world.runUntil(read.atUs);
    this.#inputs.apply(read.input);
  }

  result(lastLine: number): Replayed {
    const { trace, timeUs, world } = this.#cluster;
    // What the last input set off at its own moment belongs to it.
    world.runUntil(world.nowUs);
    const { ended } = this;
    const hash = trace.hash();
    return {
      header: this.#header,
      connections: this.#counts.open,
      frames: this.#counts.frame,
      lines: this.#counts.line,
      untilUs: timeUs,
      events: trace.count,
      hash,
      recorded: ended,
      lastLine,
      same:
        ended === undefined ? undefined : ended.kind === 'end' && ended.hash === hash && ended.events === trace.count,
      violations: this.#checker.violations(),
      ledger: this.#checker.ledger(),
    };
  }
}
