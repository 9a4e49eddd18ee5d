/** Names come from everywhere: what would move a cursor, or is no character, is replaced (as XML 1.0, 2.2 forbids it, too). */
export function printable(words: string): string {
  let replaced = '';
  for (const letter of words) replaced += isForbidden(letter.codePointAt(0)!) ? '\ufffd' : letter;
  return replaced;
}

/** Control characters, halves of surrogate pairs, and the two that are no characters. */
function isForbidden(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfffe ||
    code === 0xffff
  );
}
