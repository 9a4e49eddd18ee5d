/** How a mistake ends whose meaning can be guessed: ` - did you mean kill?`; nothing, where it cannot. */
export function didYouMean(meant: string | undefined): string {
  return meant === undefined ? '' : ` - did you mean ${meant}?`;
}
