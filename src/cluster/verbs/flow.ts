/** Lists and mappings as YAML writes them within a line, for values typed at the prompt: `[1, 2]`, `{ kraft: 12s }`. */
import { splitList } from './arguments.ts';

export type Flow = string | number | boolean | readonly Flow[] | { readonly [key: string]: Flow };

/** A bare word as YAML reads it: a number, true or false, or a text. */
export function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Takes a pair of quotation marks away. */
export function unquote(text: string): string {
  const match = /^(["'])([\s\S]*)\1$/.exec(text);
  if (match === null) return text;
  return match[1] === '"' ? match[2]!.replace(/\\(["\\])/g, '$1') : match[2]!.replaceAll("''", "'");
}

/** A text that stands in a line as it is, or in quotation marks where it would be taken for something else. */
export function quoted(text: string): string {
  return text !== '' && !/[\s"'\\,|[\]{}]|^--/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Cuts at a separator that stands outside quotation marks, parentheses, brackets and braces. */
export function splitOutside(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let position = 0; position < text.length; position++) {
    const char = text[position]!;
    if (quote !== '') {
      if (char === '\\' && quote === '"') position += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if (depth === 0 && separator.test(char)) {
      parts.push(text.slice(from, position));
      from = position + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.map((part) => part.trim());
}

/** Reads a value; a text that is neither list nor mapping is a scalar. */
export function parseFlow(text: string): Flow {
  const trimmed = text.trim();
  const inner = trimmed.slice(1, -1);
  if (/^\[.*\]$/s.test(trimmed))
    return splitOutside(inner, /,/)
      .filter((part) => part !== '')
      .map(parseFlow);
  if (/^\{.*\}$/s.test(trimmed)) {
    const entries = splitOutside(inner, /,/).filter((part) => part !== '');
    return Object.fromEntries(
      entries.map((entry) => {
        const [key, ...rest] = splitOutside(entry, /:/);
        return [unquote(key!), parseFlow(rest.join(':'))];
      }),
    );
  }
  const plain = unquote(trimmed);
  return plain === trimmed ? scalar(trimmed) : plain;
}

export function printFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printFlow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${printFlow(item)}`)
      .join(', ')} }`;
  // A selector's own parentheses and commas need no quotation marks.
  if (typeof value === 'string') return splitList(value).length === 1 && !/[\s"]/.test(value) ? value : quoted(value);
  return String(value);
}
