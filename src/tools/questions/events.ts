import { formatDuration, parseDuration } from '../../cluster/units.ts';
import { nearest } from '../../config/nearest.ts';
import type { TraceEvent } from '../../kernel/api.ts';
import { fieldText, sentence } from '../causes.ts';
import { eventWords } from '../completion/diagram.ts';
import { mistake } from '../diagram/options.ts';
import { eventObject } from '../event-object.ts';
import { NOTABLE_KINDS } from '../why/history.ts';
import { NO_FILES } from './diagram.ts';
import { type Question, refused } from './question.ts';

const DEFAULT_COUNT = 20;
const USAGE = 'events [N] [NODE or PARTITION …] [--kind KIND] [--since 5s] [--svg FILE]';

/** The number in front of an event is what `why #1234`, `time goto #1234` and `diagram --around #1234` take. */
export const events: Question = {
  name: 'events',
  usage: 'events [N]',
  about: `the latest events (${DEFAULT_COUNT}): events 50 broker-2, events orders-0, events --kind became-leader, events --since 5s`,
  examples: [
    'events 50 broker-2                   the latest 50 that happened at a node, or name it',
    'events orders-0 --since 5s           of the last five seconds, about a partition (or a topic)',
    'events --kind became-leader          of a kind, or several with commas between them',
    'events 1 -o json                     as data',
    'events --svg FILE [OF A DIAGRAM]     what `diagram --svg FILE` draws',
  ],
  completes: eventWords,
  answer({ events: all, cluster }, rest) {
    if (/(^|\s)--svg\b/.test(rest)) return refused(NO_FILES);
    const { count, wanted, said } = readOptions(rest);
    const zeroUs = cluster.zeroUs ?? 0;
    const found = all.filter((event) => wanted(event, cluster.world.nowUs)).slice(-count);
    if (found.length === 0) return { ok: true, lines: [`no event ${said}is kept`], data: [] };
    const widest = String(found.at(-1)!.id).length + 1;
    return {
      ok: true,
      lines: found.map((event) => `${`#${event.id}`.padStart(widest)} ${sentence(event, zeroUs)}`),
      data: found.map((event) => eventObject(event, zeroUs)),
    };
  },
};

interface EventOptions {
  readonly count: number;
  /** What was asked for; empty: anything. */
  readonly said: string;
  wanted(event: TraceEvent, nowUs: number): boolean;
}

/** Throws `LineError`. */
function readOptions(rest: string): EventOptions {
  const words = rest.split(/\s+/).filter((word) => word !== '');
  const names: string[] = [];
  let count: number | undefined;
  let kinds: readonly string[] = [];
  let sinceUs = Number.POSITIVE_INFINITY;
  for (let index = 0; index < words.length; index++) {
    const [option, glued] = words[index]!.split('=', 2);
    const value = (): string => glued ?? words[++index] ?? '';
    if (option === '--kind') kinds = kindsOf(value());
    else if (option === '--since') sinceUs = sinceOf(value());
    else if (words[index]!.startsWith('--')) {
      const hint = nearest(option!, ['--kind', '--since', '--svg']);
      throw mistake(`events has no ${option}`, hint === undefined ? USAGE : `did you mean ${hint}?`);
    } else if (index === 0 && /^-?[\d.]+$/.test(words[0]!)) count = countOf(words[0]!);
    else names.push(words[index]!);
  }
  return {
    count: count ?? (Number.isFinite(sinceUs) ? Number.MAX_SAFE_INTEGER : DEFAULT_COUNT),
    said:
      (names.length + kinds.length > 0 ? `of ${[...names, ...kinds].join(', ')} ` : '') +
      (Number.isFinite(sinceUs) ? `in the last ${formatDuration(sinceUs)} ` : ''),
    wanted: (event, nowUs) =>
      (kinds.length === 0 || kinds.includes(event.kind.name)) &&
      nowUs - event.atUs <= sinceUs &&
      names.every((name) => isAbout(event, name)),
  };
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw mistake(`events takes a number, not ${text}`, 'events 50');
  return count;
}

function sinceOf(text: string): number {
  const us = parseDuration(text);
  if (us === undefined) throw mistake(`--since takes a duration of virtual time, such as 5s; "${text}" is none`);
  return us;
}

function kindsOf(text: string): readonly string[] {
  const known = NOTABLE_KINDS.map(({ name }) => name);
  const kinds = text.split(',').filter((kind) => kind !== '');
  if (kinds.length === 0) throw mistake('--kind takes a kind of events, such as became-leader');
  for (const kind of kinds) {
    if (known.includes(kind)) continue;
    const hint = nearest(kind, known) ?? known.find((name) => name.includes(kind));
    throw mistake(
      `there is no notable kind "${kind}"`,
      hint === undefined ? 'docs/trace-format.md lists them' : `did you mean ${hint}?`,
    );
  }
  return kinds;
}

/** It happened at this node, or one of its fields says the name; a topic is in the name of its partitions. */
function isAbout({ node, kind, values }: TraceEvent, name: string): boolean {
  if (node === name || kind.name === name || node.startsWith(`${name}[`)) return true;
  return values.some((value) =>
    fieldText(value)
      .split(/[^\w.-]+/)
      .some((word) => word === name || word.replace(/-\d+$/, '') === name),
  );
}
