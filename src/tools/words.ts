/** A line as a shell takes it apart: words, quotes, and pipes. */

/** One command between pipes. */
export interface Piece {
  readonly words: readonly string[];
  /** As it was written. */
  readonly text: string;
}

/** Splits at `|` outside of quotes. Undefined where a quote is not closed. */
export function splitPipes(line: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let quote = '';
  let start = 0;
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endPiece = (end: number): void => {
    endWord();
    pieces.push({ words, text: line.slice(start, end).trim() });
    words = [];
    start = end + 1;
  };
  for (let index = 0; index < line.length; index++) {
    const sign = line[index]!;
    if (quote !== '') {
      if (sign === quote) quote = '';
      else
        word =
          (word ?? '') +
          (quote === '"' && sign === '\\' && /["\\$`]/.test(line[index + 1] ?? '') ? line[++index] : sign);
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (sign === '\\') word = (word ?? '') + (line[++index] ?? '');
    else if (sign === '|') endPiece(index);
    else if (/\s/.test(sign)) endWord();
    else word = (word ?? '') + sign;
  }
  if (quote !== '') return undefined;
  endPiece(line.length);
  return pieces;
}
