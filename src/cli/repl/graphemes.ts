/** Where the cursor may stand: between what a reader sees as characters, and at the ends of words. */
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function previousGrapheme(text: string, cursor: number): number {
  let before = 0;
  for (const { index } of segmenter.segment(text)) {
    if (index >= cursor) break;
    before = index;
  }
  return before;
}

export function nextGrapheme(text: string, cursor: number): number {
  for (const { index, segment } of segmenter.segment(text))
    if (index + segment.length > cursor) return index + segment.length;
  return text.length;
}

export function wordLeft(text: string, cursor: number): number {
  const match = /\S+\s*$/.exec(text.slice(0, cursor));
  return match ? match.index : 0;
}

export function wordRight(text: string, cursor: number): number {
  const match = /^\s*\S+/.exec(text.slice(cursor));
  return match ? cursor + match[0].length : text.length;
}
