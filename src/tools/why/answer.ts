/** A chain as lines: time, sentence, settings, time lost; then what to read. */
import { timeText } from '../causes.ts';
import type { Hop } from './chain.ts';
import { spanText } from './fields.ts';
import type { NamedSetting, Why } from './telling.ts';

/** A hop that took less is not worth a word. */
const WORTH_US = 1_000;
const MOST_READINGS = 5;

const JOINTS: Readonly<Record<Hop['joint'], string>> = { first: '', because: 'because ', and: 'and ' };

/** The first line names what happened; each further one what is behind the line before. */
export function chainLines(hops: readonly Hop[], why: Why): readonly string[] {
  return hops.map((hop) => {
    const { event, joint } = hop;
    const time = event === undefined ? '' : momentText(event.atUs - why.zeroUs);
    return `${time.padStart(10)}  ${JOINTS[event === undefined && joint === 'first' ? 'because' : joint]}${chainWords(hop, why)}`;
  });
}

/** What happened, the settings that decided it, and the time lost. */
export function chainWords({ sentence, settings, lostUs }: Hop, why: Why): string {
  const named = settings.map((setting) => settingText(setting, why)).join(', ');
  const lost = lostUs < WORTH_US ? '' : `   +${spanText(lostUs)}`;
  return `${sentence}${named === '' ? '' : ` (${named})`}${lost}`;
}

/** A moment of the scenario; what was before its time 0 belongs to the start. */
export function momentText(us: number): string {
  return us < 0 ? 'at start' : timeText(us);
}

/** `broker.session.timeout.ms = 9000`; the name alone where nobody knows the value. */
function settingText({ owner, name }: NamedSetting, why: Why): string {
  const value = why.setting(owner, name);
  return value === null ? name : `${name} = ${value}`;
}

/** Where the hops are written about, in their order. */
export function readingLines(hops: readonly Hop[]): readonly string[] {
  const readings = [...new Set(hops.flatMap(({ read }) => read?.split('; ') ?? []))].slice(0, MOST_READINGS);
  return readings.length === 0 ? [] : [`Read: ${readings.join('; ')}`];
}
