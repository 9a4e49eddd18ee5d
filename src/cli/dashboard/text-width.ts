/** How many columns of a terminal a text takes, and what of it a terminal can be trusted with. */

const ASCII = /^[ -~]*$/;
/** Moves the cursor, turns the direction of writing, or joins signs into one whose width terminals do not agree about. */
const UNTRUSTED =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Variation_Selector}\p{Regional_Indicator}\p{Emoji_Modifier}]/gu;
const JOINS = /[\p{Cf}\p{Variation_Selector}\p{Emoji_Modifier}]/u;
const NARROWED = /\p{M}/u;
const EMOJI = /\p{Emoji_Presentation}/u;

/** East Asian wide and full-width characters (UAX #11), from and to. Emoji are asked for by their property. */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f251],
  [0x20000, 0x3fffd],
];

const known = new Map<string, number>();

export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += characterWidth(character);
  return columns;
}

/** Of one code point. */
export function characterWidth(character: string): number {
  const width = known.get(character);
  if (width !== undefined) return width;
  const found = widthOf(character);
  known.set(character, found);
  return found;
}

function widthOf(character: string): number {
  const code = character.codePointAt(0)!;
  if (NARROWED.test(character)) return 0;
  if (EMOJI.test(character)) return 2;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/**
 * The same without what a terminal could not be trusted with: a control character becomes a space, half a flag a question mark, and
 * what joins or colours signs goes, so that a family of emoji stands as its members.
 */
export function trusted(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(UNTRUSTED, (character) => {
    if (JOINS.test(character)) return '';
    return /\p{Cc}|\p{Z}/u.test(character) ? ' ' : '?';
  });
}
