/** Which stretch of time is drawn: around an event, a moment, or what was notable last. */
import { parseDuration } from '../../cluster/units.ts';
import type { TraceEvent } from '../../kernel/api.ts';
import { scenarioEvents } from '../events.ts';
import type { Session } from '../session.ts';
import { type DiagramOptions, mistake } from './options.ts';

export interface Stretch {
  /** World time. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly aroundUs: number;
  readonly focus: TraceEvent | undefined;
}

/** Of the stretch, what lies before the moment that it is around. */
const SHARE_BEFORE = 0.25;

/** Commands and expectations are no news from the cluster; neither is what follows from its boot. */
const NO_NEWS: readonly string[] = [
  scenarioEvents['step-begun'].name,
  scenarioEvents['expectation-judged'].name,
  scenarioEvents['cluster-readied'].name,
];

/** Throws `LineError` for a moment that there is none of. */
export function stretchOf(
  session: Pick<Session, 'cluster' | 'history' | 'lookout'>,
  options: DiagramOptions,
  named: readonly string[],
): Stretch {
  const { cluster } = session;
  const { nowUs } = cluster.world;
  const moment = momentOf(session, options.around, named);
  const { aroundUs, focus } = moment;
  const before = Math.round(options.spanUs * SHARE_BEFORE);
  const toUs = Math.min(nowUs, aroundUs - before + options.spanUs);
  const fromUs = Math.max(0, Math.min(aroundUs - before, toUs - options.spanUs));
  return { fromUs, toUs, aroundUs, focus };
}

/** Of certain nodes, what happened to them since the cluster was ready; without any such event it is drawn what they do now. */
function isOf({ node, atUs }: TraceEvent, named: readonly string[], zeroUs: number): boolean {
  return named.length === 0 || (named.includes(node) && atUs > zeroUs);
}

const isNews = (event: TraceEvent): boolean => !NO_NEWS.includes(event.kind.name) && !isInternal(event);

/** It is about a topic that Kafka keeps for itself. */
export function isInternal({ values: [first] }: TraceEvent): boolean {
  return typeof first === 'string' && first.startsWith('__');
}

function momentOf(
  { cluster, history, lookout }: Pick<Session, 'cluster' | 'history' | 'lookout'>,
  around: string | undefined,
  named: readonly string[],
): Pick<Stretch, 'aroundUs' | 'focus'> {
  const { nowUs } = cluster.world;
  const zeroUs = cluster.zeroUs ?? 0;
  if (around === undefined) {
    const focus = history.latest(undefined, (event) => isNews(event) && isOf(event, named, zeroUs));
    return { aroundUs: focus?.atUs ?? nowUs, focus };
  }
  const number = /^#?(\d+)$/.exec(around)?.[1];
  if (number !== undefined) {
    const focus = cluster.trace.get(Number(number));
    if (focus !== undefined) return { aroundUs: focus.atUs, focus };
    const { count } = cluster.trace;
    if (Number(number) > count) throw mistake(`there is no event #${number} yet: the latest is #${count}`);
    throw mistake(`event #${number} is not kept any more`, 'give its time instead: --around 12.5s');
  }
  const sign = around.startsWith('-') ? -1 : 1;
  const us = parseDuration(around.replace(/^-/, ''));
  if (us !== undefined) {
    const aroundUs = zeroUs + sign * us;
    if (aroundUs > nowUs) throw mistake(`${around} is yet to come: it is ${((nowUs - zeroUs) / 1e6).toFixed(3)}s now`);
    if (aroundUs < 0) throw mistake(`${around} is before the world began, at ${(-zeroUs / 1e6).toFixed(3)}s`);
    return { aroundUs, focus: undefined };
  }
  const ofKind = ({ kind }: TraceEvent): boolean => kind.name === around;
  const focus =
    history.latest(undefined, (event) => ofKind(event) && !isInternal(event)) ??
    history.latest(undefined, ofKind) ??
    lookout.latest(around);
  if (focus === undefined)
    throw mistake(
      `nothing that is kept is called ${around}`,
      '--around takes an event (#1234), a time since the cluster was ready (12.5s), or a kind of events (partition-changed)',
    );
  return { aroundUs: focus.atUs, focus };
}
