/** The signs that a diagram is drawn with: each one column wide. */
export interface Glyphs {
  readonly life: string;
  /** The lifeline of a process that does not run. */
  readonly dead: string;
  readonly solid: string;
  readonly dashed: string;
  readonly crossing: string;
  readonly right: string;
  readonly left: string;
  readonly outRight: string;
  readonly outLeft: string;
  readonly itself: string;
  readonly good: string;
  readonly bad: string;
  readonly plain: string;
  /** It goes on elsewhere. */
  readonly more: string;
}

export const UNICODE: Glyphs = {
  life: '│',
  dead: '┊',
  solid: '─',
  dashed: '╌',
  crossing: '┼',
  right: '▶',
  left: '◀',
  outRight: '├',
  outLeft: '┤',
  itself: '↻',
  good: '●',
  bad: '✗',
  plain: '◆',
  more: '…',
};

export const ASCII: Glyphs = {
  life: '|',
  dead: ':',
  solid: '-',
  dashed: '.',
  crossing: '+',
  right: '>',
  left: '<',
  outRight: '|',
  outLeft: '|',
  itself: '@',
  good: 'o',
  bad: 'X',
  plain: '*',
  more: '~',
};
