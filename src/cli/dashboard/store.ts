/** The dashboard's state beside the cluster: what is looked at, typed, answered. One place; the screen is a function of it. */

import type { Completer } from '../../tools/complete.ts';
import type { Reply } from '../../tools/session.ts';
import type { DashboardView } from '../../tools/view.ts';
import { type EditorState, edit, emptyLine, type Key, withoutEntry } from '../repl/line-editor.ts';
import { TypedLines } from '../repl/typed-lines.ts';
import { canOpen } from './details/index.ts';
import { type Page, panelNamed, type Size, selectable } from './layout.ts';
import { PANELS } from './panels/index.ts';
import {
  back,
  filterOf,
  firstUi,
  moved,
  opened,
  placeOf,
  scrolled,
  selectedOf,
  subjectOf,
  type Ui,
  withFilter,
} from './ui.ts';

/** What the keys of the dashboard move. */
export interface Controls {
  view(): DashboardView;
  /** The page of what was drilled into. */
  readonly page: Page;
  /** Of the picture, without prompt and answers. */
  size(): Size;
  execute(line: string, done: (reply: Reply) => void): void;
  complete: Completer;
  togglePause(): void;
  /** One step faster (1) or slower (-1). */
  changeSpeed(step: 1 | -1): void;
  quit(interrupted: boolean): void;
  /** To the background, as Ctrl-Z does it. */
  suspend(): void;
}

const MOST_ANSWERS = 200;
const PAGE_STEP = 10;
const ESCAPE = '\u001b';

export class DashboardStore {
  readonly #controls: Controls;
  readonly #listeners = new Set<() => void>();
  #version = 0;
  editor: EditorState;
  readonly lines: TypedLines;
  ui: Ui;
  /** `:` was pressed: every key is typed, until the line is entered or left. */
  prompting = false;
  help = false;
  /** Answers of the prompt, the newest last. */
  answers: readonly string[] = [];
  view: DashboardView;

  constructor(controls: Controls, history: readonly string[]) {
    this.#controls = controls;
    this.editor = emptyLine(history);
    this.lines = new TypedLines({
      execute: (line, done) => controls.execute(line, done),
      told: (reply) => this.#told(reply),
    });
    this.view = controls.view();
    this.ui = firstUi(this.view.steps.length > 0 ? 'steps and expectations' : 'partitions');
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly version = (): number => this.#version;
  readonly page: Page = (key, columns) => this.#controls.page(key, columns);

  /** What the session says unasked; the next picture shows it. */
  tell(lines: readonly string[]): void {
    this.#answer(lines);
  }

  /** Reads the cluster anew. */
  refresh(): void {
    this.view = this.#controls.view();
    this.#changed();
  }

  /**
   * On an empty line some keys steer the dashboard; everything else is typed. Nothing here is an Alt combination: a key that comes so
   * close behind Escape that it looks like one is a key of its own.
   */
  press(key: Key): void {
    const [first, next] = key.sequence;
    if (key.meta && first === ESCAPE && next !== '[' && next !== 'O') {
      this.press({ name: 'escape', sequence: ESCAPE, ctrl: false, meta: false, shift: false });
      this.press({ ...key, meta: false, sequence: key.sequence.slice(1) });
      return;
    }
    if (key.ctrl && key.name === 'z') this.#controls.suspend();
    else if (this.ui.filtering) this.#typeFilter(key);
    else if (this.#typing || !this.#steer(key)) this.#type(key);
    this.#changed();
  }

  get #typing(): boolean {
    const { text, pasting, search } = this.editor;
    return this.prompting || this.lines.reading || text !== '' || pasting || search !== undefined;
  }

  #steer(key: Key): boolean {
    if (key.ctrl || key.meta) return false;
    if (this.help) {
      this.help = false;
      return true;
    }
    return this.#steerTime(key.sequence) || this.#steerPlace(key) || this.#steerSelection(key.name);
  }

  #steerTime(sequence: string): boolean {
    if (sequence === ' ') this.#controls.togglePause();
    else if (sequence === '+' || sequence === '=') this.#controls.changeSpeed(1);
    else if (sequence === '-') this.#controls.changeSpeed(-1);
    else return false;
    this.view = this.#controls.view();
    return true;
  }

  #steerPlace(key: Key): boolean {
    switch (key.sequence) {
      case '?':
        this.help = true;
        return true;
      case ':':
        this.prompting = true;
        return true;
      case '/':
        this.ui = { ...this.ui, filtering: true };
        return true;
      case 'w':
        return this.#why();
      case 'q':
        this.#controls.quit(false);
        return true;
      case ']':
        this.#focusNext(1);
        return true;
      case '[':
        this.#focusNext(-1);
        return true;
      default:
        if (key.name !== 'tab') return false;
        this.#focusNext(key.shift ? -1 : 1);
        return true;
    }
  }

  #steerSelection(name: string | undefined): boolean {
    switch (name) {
      case 'left':
        this.#run('time back');
        return true;
      case 'right':
        this.#run('time step');
        return true;
      case 'up':
        this.#move(-1);
        return true;
      case 'down':
        this.#move(1);
        return true;
      case 'pageup':
        this.#leap(-PAGE_STEP);
        return true;
      case 'pagedown':
        this.#leap(PAGE_STEP);
        return true;
      case 'home':
        this.#move(Number.NEGATIVE_INFINITY);
        return true;
      case 'end':
        this.#move(Number.POSITIVE_INFINITY);
        return true;
      case 'return':
      case 'enter':
        this.#open();
        return true;
      case 'escape':
        this.#back();
        return true;
      default:
        return false;
    }
  }

  #move(step: number): void {
    const keys = selectable(this.view, this.ui, this.#controls.size(), this.page);
    const follows = this.ui.pages.length === 0 && panelNamed(this.ui.focus)?.follows === 'end';
    this.ui = moved(this.ui, keys, { step, follows });
  }

  #leap(step: number): void {
    if (this.ui.pages.length > 0) this.ui = scrolled(this.ui, step);
    else this.#move(step);
  }

  /** Without a selection Enter takes the first thing; with one it shows all of it. */
  #open(): void {
    const selected = selectedOf(this.ui);
    if (selected === undefined) this.#move(panelNamed(this.ui.focus)?.follows === 'end' ? -1 : 1);
    else if (canOpen(selected)) this.ui = opened(this.ui, selected);
  }

  #back(): void {
    const before = back(this.ui);
    if (before === undefined) this.answers = [];
    else this.ui = before;
  }

  /** The causes behind what is selected, or behind what the page shows; where there is neither, somebody types `wait`. */
  #why(): boolean {
    const key = selectedOf(this.ui) ?? this.ui.pages.at(-1);
    if (key === undefined) return false;
    const subject = subjectOf(key);
    if (subject !== undefined) this.#run(`why ${subject}`);
    else if (canOpen(key)) this.ui = opened(this.ui, key);
    return true;
  }

  #focusNext(step: 1 | -1): void {
    const shown = PANELS.filter((panel) => panel.shown(this.view));
    const at = shown.findIndex(({ name }) => name === this.ui.focus);
    this.ui = { ...this.ui, pages: [], offset: 0, focus: shown[(at + step + shown.length) % shown.length]!.name };
  }

  #typeFilter(key: Key): void {
    const { ui } = this;
    const filter = filterOf(ui, placeOf(ui));
    if (key.name === 'escape' || (key.ctrl && key.name === 'c')) this.ui = back(ui)!;
    else if (key.name === 'return' || key.name === 'enter') this.ui = { ...ui, filtering: false };
    else if (key.name === 'backspace') this.ui = withFilter(ui, filter.slice(0, -1));
    else if (key.name === 'up' || key.name === 'down') this.#move(key.name === 'up' ? -1 : 1);
    else if (!key.ctrl && !key.meta && /^[ -~\u00a0-\uffff]+$/.test(key.sequence))
      this.ui = withFilter(ui, filter + key.sequence);
  }

  #type(key: Key): void {
    if (this.prompting && this.editor.text === '' && key.name === 'escape' && this.editor.menu === undefined) {
      this.prompting = false;
      return;
    }
    const { reading, label } = this.lines;
    const before = this.editor;
    const [editor, effect] = edit(before, key, this.#controls.complete);
    this.editor = reading && effect?.kind === 'submit' ? withoutEntry(editor, before) : editor;
    if (effect === undefined) {
      if (key.name === 'return' && editor.text === '') this.prompting = false;
      return;
    }
    if (effect.kind === 'interrupt' && !this.lines.interrupt()) return this.#controls.quit(true);
    if (effect.kind === 'eof' && !this.lines.end()) return this.#controls.quit(false);
    if (effect.kind === 'clear') this.answers = [];
    if (effect.kind !== 'submit') return;
    this.prompting = false;
    this.#answer([`${label.replace('kzsim', '')}${effect.line}`]);
    this.lines.enter(effect);
  }

  #run(line: string): void {
    this.#answer([`> ${line}`]);
    this.#controls.execute(line, (reply) => this.#told(reply));
  }

  #told(reply: Reply): void {
    this.#answer(reply.lines.map((text) => (reply.ok ? text : `✗ ${text}`)));
    if (reply.exit === true) this.#controls.quit(false);
    this.#changed();
  }

  #answer(lines: readonly string[]): void {
    this.answers = [...this.answers, ...lines].slice(-MOST_ANSWERS);
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
