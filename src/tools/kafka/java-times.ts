/** Times and durations as people write them for Kafka's tools (ISO 8601). */
import { PlainError } from './failure.ts';

/** `2026-01-31T12:00:00.000`, with a zone or without. Throws `PlainError`. */
export function timestampOf(text: string): number {
  const [, year, month, day, hour, minute, second, fraction, zone] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  if (!text.includes('T'))
    throw new PlainError(
      "java.text.ParseException: Error parsing timestamp. It does not contain a 'T' according to ISO8601 format",
    );
  if (year === undefined) throw new PlainError(`java.text.ParseException: Unparseable date: "${text}"`);
  const days = daysFrom1970(Number(year), Number(month), Number(day));
  const seconds = ((days * 24 + Number(hour)) * 60 + Number(minute)) * 60 + Number(second);
  const aside = zone === undefined || zone === 'Z' ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  const shift = zone?.startsWith('-') === true ? -aside : aside;
  return seconds * 1000 + Number((fraction ?? '0').padEnd(3, '0')) - shift * 60_000;
}

/** Of the Gregorian calendar, counted in years that begin in March, so that a leap day is the last of its year. */
function daysFrom1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const monthsSinceMarch = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return 365 * marchYear + leapDays + Math.floor((153 * monthsSinceMarch + 2) / 5) + day - 1 - 719_468;
}

/** `P1DT2H30M`. Throws `PlainError`. */
export function durationMs(text: string): number {
  const [whole, days, hours, minutes, seconds] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text) ?? [];
  if (whole === undefined || /^PT?$/i.test(text)) throw new PlainError('Text cannot be parsed to a Duration');
  const part = (digits: string | undefined): number => Number(digits ?? 0);
  return (((part(days) * 24 + part(hours)) * 60 + part(minutes)) * 60 + part(seconds)) * 1000;
}
