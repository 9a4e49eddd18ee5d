/** What a page of one thing is made from, and how its lines look. */
import type { ClusterModel } from '../../../cluster/model/cluster-model.ts';
import type { ClusterOptions } from '../../../cluster/options.ts';
import type { OutsideConnections } from '../../../cluster/outside-connections.ts';
import type { Trace } from '../../../kernel/api.ts';
import type { InFlight } from '../../../tools/in-flight.ts';
import type { LogEpochs } from '../../../tools/log-epochs.ts';
import type { ApiRate } from '../../../tools/request-rates.ts';
import type { DashboardView } from '../../../tools/view.ts';
import type { Why } from '../../../tools/why/telling.ts';
import type { Drawings } from '../drawings.ts';
import { type Line, pad } from '../text.ts';

export interface DetailSource {
  readonly model: ClusterModel;
  readonly options: ClusterOptions;
  readonly trace: Trace;
  /** World time of the cluster's time 0. */
  readonly zeroUs: number;
  readonly view: DashboardView;
  readonly inFlight: InFlight;
  /** What real clients are busy with; undefined: none may come. */
  readonly outside: OutsideConnections | undefined;
  /** Requests that a node took in, of the last second. */
  readonly requests: (node: string) => readonly ApiRate[];
  readonly epochs: LogEpochs;
  /** Sessions that wait for something about a znode, with the servers that they wait at. */
  readonly watchersOf: (path: string) => readonly { readonly session: string; readonly server: string }[];
  readonly why: Why;
  /** Undefined: nobody draws. */
  readonly drawings: Drawings | undefined;
}

/** All lines of the page of what is called `name`; undefined: there is no such thing (any more). */
export type Detail = (source: DetailSource, name: string, columns: number) => readonly Line[] | undefined;

const LABEL = 14;

export const fact = (label: string, value: string | number, tone?: 'good' | 'warn' | 'bad'): Line => [
  { text: `  ${pad(label, LABEL)} `, tone: 'dim' },
  { text: String(value), ...(tone === undefined ? {} : { tone }) },
];

export const heading = (text: string): readonly Line[] => [[], [{ text, bold: true }]];

export const none = (text: string): Line => [{ text: `  ${text}`, tone: 'dim' }];

/** Breaks a text at its spaces, so that each line has at most so many columns. */
export function paragraph(text: string, columns: number): readonly Line[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > columns - 2) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((part): Line => [{ text: `  ${part}` }]);
}
