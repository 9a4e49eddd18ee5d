import { timeText } from '../causes.ts';
import { diagramWords as diagramPlaces } from '../completion/diagram.ts';
import type { Diagram } from '../diagram/diagram.ts';
import { type Drawn, draw } from '../diagram/draw.ts';
import { diagramObject } from '../diagram/object.ts';
import { type DiagramOptions, readDiagramOptions } from '../diagram/options.ts';
import { plainLines } from '../diagram/text.ts';
import type { Reply, Session } from '../session.ts';
import { splitPipes } from '../words.ts';
import { type Question, refused } from './question.ts';

/** Throws `LineError` and `SelectorError`. A timeline (`src/scenario/diagram-lines.ts`) looks further back, and writes files. */
export const diagram: Question = {
  name: 'diagram',
  usage: 'diagram [NODE…]',
  about:
    'messages between nodes, decoded, around an event: --around #1234, --span 200ms, --only Fetch, --all, --svg FILE',
  examples: [
    'diagram                                       around the latest notable event, whoever took part',
    'diagram broker-1 broker-2 --around 12.5s      between these, around a moment',
    'diagram orders-0 --around became-leader       between its replicas, around the latest event of a kind',
    'diagram web --only Produce --span 1s --all    of a client with whomever it speaks to, every message',
    'diagram --around #1234 --svg failover.svg     written as a picture (also: events --svg FILE)',
    'options: --rows N, --width N, --ascii, --force; -o json gives the rows as data',
  ],
  completes: diagramPlaces,
  answer(session, rest) {
    const options = readDiagramOptions(diagramWords(rest));
    if (options.svg !== undefined) return refused(NO_FILES);
    const drawn = drawnOrWhy(session, options);
    return typeof drawn === 'string' ? refused(drawn) : drawnReply(drawn, options);
  },
};

/** The diagram, or why there is none. Throws `LineError` and `SelectorError`. */
export function drawnOrWhy(session: Session, options: DiagramOptions): Diagram | string {
  const drawn = draw(session, options);
  if (drawn.kind === 'drawn') return drawn.diagram;
  return `${forgotten(drawn, session.cluster.zeroUs ?? 0)}; nothing is executed again here: play it anew, pause it there, and ask then`;
}

export const NO_FILES =
  'no file can be written from here: `kzsim up`, `kzsim repl`, `kzsim ctl` and `kzsim replay --prompt` can';

export function diagramWords(rest: string): readonly string[] {
  return splitPipes(rest)?.flatMap(({ words }) => words) ?? rest.split(/\s+/);
}

export function drawnReply(drawing: Diagram, options: DiagramOptions): Reply {
  const { columns, ascii } = options;
  return { ok: true, lines: plainLines(drawing, { columns, ascii }), data: [diagramObject(drawing)] };
}

export function forgotten({ sinceUs, stretch }: Extract<Drawn, { kind: 'forgotten' }>, zeroUs: number): string {
  const moment = (us: number): string => timeText(us - zeroUs);
  return `the messages from ${moment(stretch.fromUs)} on are not kept any more, only those since ${moment(sinceUs)}`;
}
