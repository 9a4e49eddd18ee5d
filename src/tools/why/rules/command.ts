/** Which command broke, mended or changed something: what the trace says, or else the latest that does such a thing. */
import type { EventId, TraceEvent } from '../../../kernel/api.ts';
import { text } from '../fields.ts';
import type { Cause, Why } from '../telling.ts';

/** Commands that only look, or only wait: the trace may name them as a cause, for they were there when it happened. */
const IDLE = /^(expect|waitFor|wait|let|say)\b|^zk (?!(create|set|setAcl|delete|deleteall|connect|close|quit)\b)/;
/** A fault is a direct consequence of its command. */
const MOST_HOPS = 4;

export function isCommand({ kind, values }: TraceEvent): boolean {
  return kind.name === 'step-begun' && !IDLE.test(String(values[1]));
}

/** The command right behind an event. */
export function directCommand(event: TraceEvent, { history }: Why): TraceEvent | undefined {
  let id: EventId = event.cause;
  for (let hop = 0; hop < MOST_HOPS && id > 0; hop++) {
    const found = history.trace.get(id);
    if (found?.kind.name === 'step-begun') return isCommand(found) ? found : undefined;
    id = history.trace.causeOf(id);
  }
  return undefined;
}

/** A line that wrote znodes, right behind an event. */
export function directWrite(event: TraceEvent, why: Why): TraceEvent | undefined {
  const command = directCommand(event, why);
  return command !== undefined && text(command, 'text').startsWith('zk ') ? command : undefined;
}

/** The latest command before an event whose text is such. */
export function latestCommand({ id }: TraceEvent, why: Why, verbs: RegExp): TraceEvent | undefined {
  return why.history.latestOf('step-begun', id, (step) => isCommand(step) && verbs.test(text(step, 'text')));
}

/** What made a process start, stop, stand still: a command, the end of a command's time, healing, or the start of all. */
export function behindProcess(event: TraceEvent, why: Why, verbs: RegExp): Cause {
  const direct = directCommand(event, why);
  if (direct !== undefined) return direct;
  if (event.atUs < why.zeroUs) return { ending: 'the cluster was started' };
  const healing = why.history.latestOf('healing-begun', event.id);
  const command = latestCommand(event, why, verbs);
  if (healing !== undefined && (command === undefined || healing.id > command.id)) return healing;
  return command ?? { ending: 'the run began with it' };
}
