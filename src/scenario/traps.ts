/**
 * What YAML reads otherwise than people who write selectors and sentences into it mean. Each trap is told with its mending,
 * and mended for the reading that follows (letter for letter, so that places stay), so that one trap hides no other mistake.
 */

export interface Trap {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint: string;
}

/** Keys whose value is a sentence; a comment right behind it was hardly meant as one. */
const SENTENCES = /^(\s*(?:- )*(?:name|about|note|say|text|value|key):\s)([^"'[{|>#&*!\n]*)(#\S.*)$/;
/** A plain value on the line of its key. */
const PLAIN_VALUE = /^(\s*(?:- )*[\w.$-]+:\s+)([^\s"'[{|>#&*!%@`].*)$/;
/** An item of a list whose "key" holds blanks: an expression with `within { kraft: 12s, … }`. */
const PLAIN_ITEM = /^(\s*(?:- )+)([^\s"'[{|>#&*!%@`](?:(?!:\s|\s#).)*\s(?:(?!:\s|\s#).)*:(?:\s.*)?)$/;
const BLOCK_TEXT = /(?::|-)\s+[|>][+-]?\d?\s*(?:#.*)?$/;

export interface Mended {
  readonly text: string;
  readonly traps: readonly Trap[];
}

/** Finds the traps of a text. `broken`: YAML could not read it, so that a ": " within a plain text is one of them. */
export function mendTraps(text: string, broken: boolean): Mended {
  const traps: Trap[] = [];
  const mended: string[] = [];
  const flow = new FlowScanner();
  let blockIndent = -1;
  let offset = 0;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    const inBlock = blockIndent >= 0 && (indent < 0 || indent > blockIndent);
    if (!inBlock) {
      blockIndent = -1;
      const before = traps.length;
      const found = flow.depth === 0 ? sentenceTrap(line, broken) : undefined;
      if (found !== undefined) traps.push({ ...found, start: offset + found.start, end: offset + found.end });
      else
        for (const trap of flow.scan(line)) traps.push({ ...trap, start: offset + trap.start, end: offset + trap.end });
      mended.push(traps.slice(before).reduce((result, trap) => mend(result, trap, offset), line));
      if (flow.depth === 0 && BLOCK_TEXT.test(line)) blockIndent = indent;
    } else mended.push(line);
    offset += line.length + 1;
  }
  return { text: mended.join('\n'), traps };
}

/** Letters that YAML does not read as anything take the place of those that it does. */
function mend(line: string, { start, end }: Trap, offset: number): string {
  const meant = line.slice(start - offset, end - offset).replace(/[[\],:#]/g, '_');
  return line.slice(0, start - offset) + meant + line.slice(end - offset);
}

function sentenceTrap(line: string, broken: boolean): Trap | undefined {
  const comment = SENTENCES.exec(line);
  if (comment !== null && (comment[2] === '' || /\S\s$/.test(comment[2]!))) {
    const start = comment[1]!.length + comment[2]!.length;
    return {
      start,
      end: line.length,
      message: 'a "#" behind a blank begins a comment: the text ends before it',
      hint: `quote the text: ${inQuotes((comment[2]! + comment[3]!).trim())}`,
    };
  }
  const plain = PLAIN_ITEM.exec(line) ?? (broken ? PLAIN_VALUE.exec(line) : null);
  if (plain === null || !/:(\s|$)/.test(plain[2]!)) return undefined;
  const value = plain[2]!.trimEnd();
  return {
    start: plain[1]!.length,
    end: plain[1]!.length + value.length,
    message: 'a ": " makes a mapping of what should be one text',
    hint: `quote the text: ${inQuotes(value)}`,
  };
}

const inQuotes = (text: string): string => (text.includes('"') ? `'${text.replaceAll("'", "''")}'` : `"${text}"`);

/** Follows brackets and braces that hold lists and mappings, over the lines that they span. */
class FlowScanner {
  depth = 0;

  scan(line: string): readonly Trap[] {
    const traps: Trap[] = [];
    let position = 0;
    while (position < line.length) {
      const char = line[position]!;
      if (char === '#' && (position === 0 || /\s/.test(line[position - 1]!))) break;
      if ((char === '"' || char === "'") && /[\s[{,:]/.test(line[position - 1] ?? ' ')) {
        const close = line.indexOf(char, position + 1);
        position = close < 0 ? line.length : close + 1;
        continue;
      }
      const word = this.depth > 0 ? /^[\w.$-]+(?:\[\d+\]|\([^()]*\))/.exec(line.slice(position)) : null;
      if (word !== null) {
        const end = position + word[0].length;
        const trap = flowTrap(word[0]);
        if (trap !== undefined) traps.push({ start: position, end, ...trap });
        position = end;
        continue;
      }
      if ('[{'.includes(char) && (this.depth > 0 || /(^|[:-]\s+)$/.test(line.slice(0, position)))) this.depth += 1;
      else if (']}'.includes(char) && this.depth > 0) this.depth -= 1;
      position += 1;
    }
    return traps;
  }
}

function flowTrap(word: string): Pick<Trap, 'message' | 'hint'> | undefined {
  if (word.endsWith(']'))
    return { message: `"${word}" is cut at its bracket inside [ ] and { }`, hint: `quote it: "${word}"` };
  if (word.includes(','))
    return { message: `"${word}" is cut at its comma inside [ ] and { }`, hint: `quote it: "${word}"` };
  return undefined;
}
