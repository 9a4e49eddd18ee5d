/** Events and times as plain words, the same in logs, reports and answers. */
import type { FieldValue, TraceEvent } from '../kernel/api.ts';

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
