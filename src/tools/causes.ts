/** The chain of causes behind an event, as short sentences; messages and details are passed over. */
import type { EventId, FieldValue, Trace, TraceEvent } from '../kernel/api.ts';

/** Longest chain that is walked, and told. */
const MOST_HOPS = 10_000;
const MOST_SENTENCES = 12;

/** Sentences from the latest to the first cause. `zeroUs` is the scenario's time 0. */
export function explain(trace: Trace, event: EventId, zeroUs: number): readonly string[] {
  const sentences: string[] = [];
  let id = event;
  for (let hop = 0; id > 0 && hop < MOST_HOPS && sentences.length < MOST_SENTENCES; hop++) {
    const found = trace.get(id);
    if (found !== undefined && found.kind.level === 'notable') sentences.push(sentence(found, zeroUs));
    const cause = trace.causeOf(id);
    if (cause >= id) break;
    id = cause;
  }
  return sentences;
}

/** `5.000s broker-1 process-killed incarnation=1` */
export function sentence(event: TraceEvent, zeroUs: number): string {
  const fields = event.kind.fields.map((name, index) => `${name}=${fieldText(event.values[index])}`).join(' ');
  return `${timeText(event.atUs - zeroUs)} ${event.node} ${event.kind.name}${fields === '' ? '' : ` ${fields}`}`;
}

/** Seconds with their milliseconds: `5.000s`, `-0.250s`. */
export function timeText(us: number): string {
  const milliseconds = Math.floor(Math.abs(us) / 1000);
  const text = `${Math.floor(milliseconds / 1000)}.${String(milliseconds % 1000).padStart(3, '0')}s`;
  return us < 0 ? `-${text}` : text;
}

export function fieldText(value: FieldValue | undefined): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'object' ? `[${value.join(',')}]` : String(value);
}
