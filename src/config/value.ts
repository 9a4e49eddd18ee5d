import { type ConfigEntry, type ConfigValue, NEVER, UNLIMITED } from './entry.ts';

/** A value as the code uses it: lists are taken apart, numbers are numbers. */
export type ParsedValue = string | number | boolean | readonly string[] | null;

export type Parsed = { readonly value: ParsedValue } | { readonly problem: string };

const LONG_MAX_TEXT = '9223372036854775807';
const DOUBLE_MAX_TEXT = '1.7976931348623157E308';

const LIMITS = {
  short: { min: -32768, max: 32767 },
  int: { min: -2147483648, max: 2147483647 },
  long: { min: -NEVER, max: NEVER },
  double: { min: -UNLIMITED, max: UNLIMITED },
} as const;

/** Reads what a user wrote, as Kafka's ConfigDef does: white space around it does not count. */
export function parseValue(entry: ConfigEntry, given: ConfigValue): Parsed {
  if (given === null) return { value: null };
  switch (entry.type) {
    case 'boolean':
      return parseBoolean(given);
    case 'short':
    case 'int':
    case 'long':
    case 'double':
      return parseNumber(entry, entry.type, given);
    case 'list':
      return parseList(entry, String(given));
    case 'string':
    case 'password':
    case 'class': {
      const text = String(given).trim();
      const problem = checkChoice(entry, text);
      return problem === null ? { value: text } : { problem };
    }
  }
}

function parseBoolean(given: string | number | boolean): Parsed {
  const text = String(given).trim().toLowerCase();
  if (text === 'true') return { value: true };
  if (text === 'false') return { value: false };
  return { problem: `must be true or false, not ${quote(given)}` };
}

function parseNumber(entry: ConfigEntry, type: keyof typeof LIMITS, given: string | number | boolean): Parsed {
  const text = String(given).trim();
  const number = Number(text);
  if (text === '' || typeof given === 'boolean' || Number.isNaN(number)) {
    return { problem: `must be a number, not ${quote(given)}` };
  }
  if (type !== 'double' && !Number.isInteger(number)) return { problem: `must be a whole number, not ${quote(given)}` };
  const limits = LIMITS[type];
  const min = entry.min ?? limits.min;
  const max = entry.max ?? limits.max;
  if (number < min) return { problem: `must be at least ${min}, not ${text}` };
  if (number > max) return { problem: `must be at most ${max}, not ${text}` };
  return { value: number };
}

function parseList(entry: ConfigEntry, text: string): Parsed {
  const trimmed = text.trim();
  const items = trimmed === '' ? [] : trimmed.split(',').map((item) => item.trim());
  for (const item of items) {
    const problem = checkChoice(entry, item);
    if (problem !== null) return { problem };
  }
  return { value: items };
}

function checkChoice(entry: ConfigEntry, text: string): string | null {
  if (entry.values === null || entry.values.includes(text.toLowerCase())) return null;
  return `must be one of ${entry.values.join(', ')}, not ${quote(text)}`;
}

function quote(given: string | number | boolean): string {
  return typeof given === 'string' ? `"${given}"` : String(given);
}

/** A value as Kafka's tools print it; null for one that is not set. */
export function formatValue(value: ParsedValue): string | null {
  if (value === null) return null;
  if (typeof value === 'object') return value.join(',');
  if (value === NEVER) return LONG_MAX_TEXT;
  if (value === UNLIMITED) return DOUBLE_MAX_TEXT;
  return String(value);
}
