/**
 * Diagrams for whoever has a timeline: what is not kept any more is executed again in a cluster of its own, which leaves the present where
 * it is; and a picture can be written to a file.
 */
import { timeText } from '../tools/causes.ts';
import type { Diagram } from '../tools/diagram/diagram.ts';
import { type Drawn, draw, drawStretch } from '../tools/diagram/draw.ts';
import { type DiagramOptions, mistake, readDiagramOptions } from '../tools/diagram/options.ts';
import { svgText } from '../tools/diagram/svg.ts';
import { diagramWords, drawnReply, forgotten } from '../tools/questions/diagram.ts';
import type { Reply } from '../tools/session.ts';
import type { TimeHost } from './time-lines.ts';

/** So far beyond the stretch, to see what became of its last messages. */
const AFTERWARDS_US = 20_000;

/** `events --svg FILE` draws what `diagram --svg FILE` draws. */
export const drawsEvents = (line: string): boolean => /^events\s(.*\s)?--svg\b/.test(line);

export function eventsDiagram(host: TimeHost, rest: readonly string[], done: (reply: Reply) => void): void {
  // `events 50 --svg FILE`: the number is of lines.
  diagramLine(host, /^\d+$/.test(rest[0] ?? '') ? rest.slice(1) : rest, done);
}

/** Throws `LineError` and `SelectorError`. */
export function diagramLine(host: TimeHost, rest: readonly string[], done: (reply: Reply) => void): void {
  const options = readDiagramOptions(diagramWords(rest.join(' ')));
  drawnFor(host, options, (drawn) => {
    if (typeof drawn === 'string') done({ ok: false, lines: [drawn] });
    else if (options.svg === undefined) done(drawnReply(drawn, options));
    else done(written(host, options, options.svg, drawn));
  });
}

/** Calls back with the diagram, or with why there is none. Throws `LineError` and `SelectorError`. */
export function drawnFor(
  host: Pick<TimeHost, 'timeline' | 'look' | 'whyNoWayBack'>,
  options: DiagramOptions,
  done: (drawn: Diagram | string) => void,
): void {
  const { timeline } = host;
  const drawn = draw(timeline.session, options);
  if (drawn.kind === 'drawn') return done(drawn.diagram);
  const zeroUs = timeline.cluster.zeroUs ?? 0;
  const why = host.whyNoWayBack();
  if (why !== undefined) return done(`${forgotten(drawn, zeroUs)}; ${why}`);
  const { stretch } = drawn;
  let again: Drawn | undefined;
  const untilUs = Math.min(timeline.nowUs, stretch.toUs + AFTERWARDS_US);
  const journey = timeline.glimpse(untilUs, (session) => {
    again = drawStretch(session, options, stretch);
  });
  host.look(journey, (failed) => {
    if (failed !== undefined) done(failed);
    else if (again?.kind === 'drawn') done(again.diagram);
    else done(`more messages passed from ${timeText(stretch.fromUs - zeroUs)} on than are kept: a shorter --span`);
  });
}

function written(host: TimeHost, { force }: DiagramOptions, path: string, picture: Diagram): Reply {
  if (!/\.svg$/i.test(path))
    throw mistake('the picture is SVG, and its file is called so', `--svg ${path.replace(/\.\w*$/, '')}.svg`);
  const failure = host.write(path, svgText(picture), force);
  if (failure !== undefined) return { ok: false, lines: [failure] };
  const { rows, lanes } = picture;
  return { ok: true, lines: [`${path}: ${rows.length} rows, ${lanes.length} lifelines, ${picture.title}`] };
}
