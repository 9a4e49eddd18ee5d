/** How the scenario language writes amounts: durations, rates, sizes, shares. One home for reading and printing them. */

const DURATION_UNITS: readonly (readonly [string, number])[] = [
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1_000],
  ['us', 1],
];
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1 << 10,
  MiB: 1 << 20,
  GiB: 1 << 30,
};

/** A duration such as `200us`, `50ms`, `1m30s`, `1.5s`, in microseconds; undefined when the text is none. */
export function parseDuration(text: string): number | undefined {
  const part = /(\d+(?:\.\d+)?)(us|ms|s|m|h)/y;
  let total = 0;
  let position = 0;
  let lastUnit = Number.POSITIVE_INFINITY;
  while (position < text.length) {
    part.lastIndex = position;
    const match = part.exec(text);
    if (!match) return undefined;
    const unit = DURATION_UNITS.find(([name]) => name === match[2])![1];
    if (unit >= lastUnit) return undefined;
    lastUnit = unit;
    total += Number(match[1]) * unit;
    position = part.lastIndex;
  }
  return text === '' ? undefined : Math.round(total);
}

/** `1m30s`, `250ms`: the shortest exact text of a duration in microseconds. */
export function formatDuration(us: number): string {
  if (us === 0) return '0s';
  if (us < 0) return `-${formatDuration(-us)}`;
  if (us >= 1_000_000 && us < 60_000_000 && us % 1_000 === 0) return `${us / 1_000_000}s`;
  let rest = Math.round(us);
  let text = '';
  for (const [name, unit] of DURATION_UNITS) {
    const count = Math.floor(rest / unit);
    if (count > 0) text += `${count}${name}`;
    rest -= count * unit;
  }
  return text;
}

/** A rate such as `100/s`, `6/m` or `0.5/s`, as events and the microseconds in which they happen. */
export function parseRate(text: string): { readonly count: number; readonly perUs: number } | undefined {
  const match = /^(\d+(?:\.\d+)?)\/(us|ms|s|m|h)$/.exec(text);
  if (!match) return undefined;
  return { count: Number(match[1]), perUs: DURATION_UNITS.find(([name]) => name === match[2])![1] };
}

/** A size such as `200`, `16KiB`, `1MB`, in bytes. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(B|KB|MB|GB|KiB|MiB|GiB)?$/.exec(text);
  if (!match) return undefined;
  return Math.round(Number(match[1]) * SIZE_UNITS[match[2] ?? 'B']!);
}

/** A share such as `30%` or `0.5%`, as a fraction of two integers. */
export function parseShare(text: string): { readonly numerator: number; readonly denominator: number } | undefined {
  const match = /^(\d+)(?:\.(\d{1,4}))?%$/.exec(text);
  if (!match) return undefined;
  const decimals = match[2] ?? '';
  const numerator = Number(match[1] + decimals);
  const denominator = 100 * 10 ** decimals.length;
  return numerator <= denominator ? { numerator, denominator } : undefined;
}
