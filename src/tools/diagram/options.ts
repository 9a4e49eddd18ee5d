/** What one asks a diagram for: `diagram broker-1 broker-2 --around #1234 --span 200ms --only Fetch,Produce`. */

import { parseDuration } from '../../cluster/units.ts';
import { LineError } from '../../cluster/verbs/line.ts';
import { nearest } from '../../config/nearest.ts';

export interface DiagramOptions {
  /** Nodes, selectors, partitions; empty: whoever took part. */
  readonly targets: readonly string[];
  /** `#1234`, `12.5s`, or a kind of events; undefined: the latest notable event. */
  readonly around: string | undefined;
  readonly spanUs: number;
  /** Names of messages, in lower case; empty: all. */
  readonly only: readonly string[];
  /** Idle chatter and what repeats itself, too. */
  readonly all: boolean;
  /** Most rows; undefined: as many as the asker finds good. */
  readonly rows: number | undefined;
  readonly columns: number;
  readonly ascii: boolean;
  /** The file that it is written to. */
  readonly svg: string | undefined;
  readonly force: boolean;
}

export const DIAGRAM_USAGE =
  'diagram [NODE…] [--around #EVENT|TIME|KIND] [--span 200ms] [--only Fetch,Vote] [--all] [--rows N] [--width N] [--ascii] [--svg FILE]';

const DEFAULT_SPAN_US = 200_000;
const MOST_SPAN_US = 3_600_000_000;
const MOST_ROWS = 5_000;
/** Whoever asks says how wide it may be; a script does not. */
const DEFAULT_COLUMNS = 100;
const NARROWEST = 40;
const WIDEST = 500;

const SWITCHES = ['all', 'ascii', 'force'] as const;
const VALUES = ['around', 'span', 'only', 'rows', 'width', 'svg'] as const;
export const DIAGRAM_OPTIONS: readonly string[] = [...VALUES, ...SWITCHES];

/** Throws `LineError`. */
export function readDiagramOptions(words: readonly string[]): DiagramOptions {
  const targets: string[] = [];
  const values = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (!word.startsWith('--')) {
      targets.push(...split(word));
      continue;
    }
    const [name = '', glued] = cutAt(word.slice(2), '=');
    if (SWITCHES.some((known) => known === name)) values.set(name, '');
    else if (VALUES.some((known) => known === name)) {
      const value = glued ?? words[++index];
      if (value === undefined || value === '' || value.startsWith('--'))
        throw mistake(`--${name} needs a value`, DIAGRAM_USAGE);
      values.set(name, value);
    } else {
      const hint = nearest(name, DIAGRAM_OPTIONS);
      throw mistake(`diagram has no --${name}`, hint === undefined ? DIAGRAM_USAGE : `did you mean --${hint}?`);
    }
  }
  return {
    targets,
    around: values.get('around'),
    spanUs: spanOf(values.get('span')),
    only: split(values.get('only') ?? '').map((name) => name.toLowerCase()),
    all: values.has('all'),
    rows: numberOf('rows', values.get('rows'), 1, MOST_ROWS),
    columns: numberOf('width', values.get('width'), NARROWEST, WIDEST) ?? DEFAULT_COLUMNS,
    ascii: values.has('ascii'),
    svg: values.get('svg'),
    force: values.has('force'),
  };
}

export function mistake(message: string, hint?: string): LineError {
  return new LineError(message, { start: 0, end: 0 }, hint);
}

function cutAt(text: string, sign: string): readonly [string, string | undefined] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** At commas outside of parentheses: `leader(orders-0),broker-2`. */
function split(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

function spanOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_SPAN_US;
  const us = parseDuration(text);
  if (us === undefined || us < 1_000 || us > MOST_SPAN_US)
    throw mistake(`--span takes a duration from 1ms to 1h, such as 200ms; "${text}" is none`);
  return us;
}

function numberOf(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw mistake(`--${name} takes a number from ${least} to ${most}; "${text}" is none`);
  return number;
}
