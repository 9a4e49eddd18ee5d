/** The keys that steer the dashboard while nothing is typed, one entry each: what is pressed, what the help says, what it does. */
import type { Key } from '../repl/line-editor.ts';

/** What the keys move. Each returns nothing, or false where the key is a letter like others after all. */
export interface Steering {
  togglePause(): void;
  changeSpeed(step: 1 | -1): void;
  showHelp(): void;
  prompt(): void;
  filter(): void;
  why(): boolean;
  diagram(): boolean;
  quit(): void;
  focusNext(step: 1 | -1): void;
  zoom(): void;
  move(step: number): void;
  leap(step: 1 | -1): void;
  open(): void;
  back(): void;
  run(line: string): void;
  actOnSelection(key: ActionKey): void;
}

/** Capital letters: no line begins with one. */
export type ActionKey = 'K' | 'S' | 'R' | 'P';

export interface Binding {
  /** As `keyId` calls them. What returns false leaves the key to be typed. */
  readonly keys: Readonly<Record<string, (steering: Steering) => unknown>>;
  /** In the help, and what it says there: at most 48 columns. */
  readonly label: string;
  readonly does: string;
  /** Under the prompt. */
  readonly hint?: string;
}

export const KEYMAP: readonly Binding[] = [
  { keys: { '?': (to) => to.showHelp() }, label: '?', does: 'this help', hint: '? help' },
  {
    keys: { ':': (to) => to.prompt() },
    label: ':',
    does: 'a command; most letters begin one, too',
    hint: ': prompt',
  },
  { keys: { '/': (to) => to.filter() }, label: '/', does: 'filter: words to hold, !word to lack', hint: '/ filter' },
  {
    keys: {
      up: (to) => to.move(-1),
      down: (to) => to.move(1),
      pageup: (to) => to.leap(-1),
      pagedown: (to) => to.leap(1),
      home: (to) => to.move(Number.NEGATIVE_INFINITY),
      end: (to) => to.move(Number.POSITIVE_INFINITY),
    },
    label: '↑ ↓',
    does: 'select; PgUp PgDn by ten, Home, End',
  },
  {
    keys: { return: (to) => to.open(), enter: (to) => to.open() },
    label: 'Enter',
    does: 'all about the selection',
    hint: 'Enter open',
  },
  {
    keys: { escape: (to) => to.back() },
    label: 'Esc',
    does: 'back: page, filter, selection, zoom, answers',
    hint: 'Esc back',
  },
  {
    keys: {
      tab: (to) => to.focusNext(1),
      ']': (to) => to.focusNext(1),
      'shift-tab': (to) => to.focusNext(-1),
      '[': (to) => to.focusNext(-1),
    },
    label: 'Tab ] [',
    does: 'the next panel, the one before',
    hint: 'Tab panels',
  },
  { keys: { _: (to) => to.zoom() }, label: '_', does: 'this panel alone, and all again' },
  { keys: { w: (to) => to.why() }, label: 'w', does: 'why is the selection as it is', hint: 'w why' },
  {
    keys: { d: (to) => to.diagram() },
    label: 'd',
    does: 'diagram: the messages around the selection',
    hint: 'd diagram',
  },
  {
    keys: {
      K: (to) => to.actOnSelection('K'),
      'ctrl-k': (to) => to.actOnSelection('K'),
      S: (to) => to.actOnSelection('S'),
      R: (to) => to.actOnSelection('R'),
      P: (to) => to.actOnSelection('P'),
    },
    label: 'K S R P',
    does: 'kill, stop, (re)start, pause the selection',
    hint: 'K kill',
  },
  { keys: { ' ': (to) => to.togglePause() }, label: 'Space', does: 'pause time, let it go on', hint: 'Space pause' },
  {
    keys: { left: (to) => to.run('time back'), right: (to) => to.run('time step') },
    label: '← →',
    does: 'step in time, by notable events',
    hint: '← → step',
  },
  {
    keys: { '+': (to) => to.changeSpeed(1), '=': (to) => to.changeSpeed(1), '-': (to) => to.changeSpeed(-1) },
    label: '+ -',
    does: 'faster, slower',
    hint: '+ - speed',
  },
  { keys: { q: (to) => to.quit() }, label: 'q Ctrl-C', does: 'quit; Ctrl-Z to the background', hint: 'q quit' },
];

const actions = new Map(KEYMAP.flatMap(({ keys }) => Object.entries(keys)));

/** Does what a key stands for; false: it is to be typed. */
export function steer(steering: Steering, key: Key): boolean {
  const action = actions.get(keyId(key));
  return action !== undefined && action(steering) !== false;
}

function keyId({ name, sequence, ctrl, meta, shift }: Key): string {
  if (meta) return '';
  if (ctrl) return `ctrl-${name}`;
  if (actions.has(sequence)) return sequence;
  return shift ? `shift-${name}` : (name ?? '');
}
