/** The dashboard's state beside the cluster: what is looked at, typed, answered. One place; the screen is a function of it. */

import type { Completer } from '../../tools/complete.ts';
import type { Reply } from '../../tools/session.ts';
import type { DashboardView } from '../../tools/view.ts';
import type { Key } from '../repl/line-editor.ts';
import { AnswerLog } from './answer-log.ts';
import { answerRoom, isAnswerKey } from './answers.ts';
import type { Size } from './arrange.ts';
import { diagramOf, focusOf, pageOfLine } from './details/diagram.ts';
import { canOpen } from './details/index.ts';
import { typeFilter } from './filter-input.ts';
import { type Jump, jumped, jumpOf } from './jumps.ts';
import { type ActionKey, type Steering, steer } from './keymap.ts';
import { type Page, selectable } from './layout.ts';
import { PANELS, panelNamed } from './panels/index.ts';
import { type Outcome, PromptInput } from './prompt-input.ts';
import { ACTS_ON, lineFor } from './selection-verbs.ts';
import {
  back,
  firstUi,
  focused,
  moved,
  opened,
  scrolled,
  selectedOf,
  subjectOf,
  type Ui,
  withSelection,
} from './ui.ts';

/** What the keys of the dashboard move. */
export interface Controls {
  view(): DashboardView;
  /** The page of what was drilled into. */
  readonly page: Page;
  /** Of the picture, without prompt and answers. */
  size(): Size;
  /** Of all of it. */
  screen(): Size;
  execute(line: string, done: (reply: Reply) => void): void;
  complete: Completer;
  togglePause(): void;
  /** One step faster (1) or slower (-1). */
  changeSpeed(step: 1 | -1): void;
  quit(interrupted: boolean): void;
  /** To the background, as Ctrl-Z does it. */
  suspend(): void;
}

const PAGE_STEP = 10;
const ESCAPE = '\u001b';

export class DashboardStore implements Steering {
  readonly #controls: Controls;
  readonly #listeners = new Set<() => void>();
  #version = 0;
  readonly input: PromptInput;
  readonly answers = new AnswerLog();
  ui: Ui;
  /** The first line of the help that is seen; undefined: the cluster is. */
  help: number | undefined;
  view: DashboardView;

  constructor(controls: Controls, history: readonly string[]) {
    this.#controls = controls;
    this.input = new PromptInput(history, controls.complete, {
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
  readonly page: Page = (key, columns) =>
    isAnswerKey(key) ? this.answers.page(columns) : this.#controls.page(key, columns);

  /** What the session says unasked; the next picture shows it. */
  tell(lines: readonly string[]): void {
    this.answers.tell(lines);
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
    else if (this.input.typing) this.#type(key);
    else if (this.help !== undefined && !key.ctrl) this.#readHelp(key);
    else if (!steer(this, key)) this.#type(key);
    this.#changed();
  }

  togglePause(): void {
    this.#controls.togglePause();
    this.view = this.#controls.view();
  }

  changeSpeed(step: 1 | -1): void {
    this.#controls.changeSpeed(step);
    this.view = this.#controls.view();
  }

  showHelp(): void {
    this.help = 0;
  }

  prompt(): void {
    this.input.prompting = true;
  }

  filter(): void {
    this.ui = { ...this.ui, filtering: true };
  }

  quit(): void {
    this.#controls.quit(false);
  }

  focusNext(step: 1 | -1): void {
    const shown = PANELS.filter((panel) => panel.shown(this.view));
    const at = shown.findIndex(({ name }) => name === this.ui.focus);
    this.ui = focused(this.ui, shown[(at + step + shown.length) % shown.length]!.name);
  }

  zoom(): void {
    this.ui = { ...this.ui, zoomed: !this.ui.zoomed };
  }

  move(step: number): void {
    const open = this.ui.pages.at(-1);
    if (isAnswerKey(open)) {
      // Above it stand the rule and the strip of health.
      this.ui = scrolled(this.ui, step, Math.max(0, this.#answerRows - this.#controls.size().rows + 5));
      return;
    }
    const keys = selectable(this.view, this.ui, this.#controls.size(), this.page);
    const follows = this.ui.pages.length === 0 && panelNamed(this.ui.focus)?.follows === 'end';
    this.ui = moved(this.ui, keys, { step, follows });
  }

  leap(step: 1 | -1): void {
    if (isAnswerKey(this.ui.pages.at(-1))) this.move(step * PAGE_STEP);
    else if (this.ui.pages.length > 0 && selectedOf(this.ui) === undefined)
      this.ui = scrolled(this.ui, step * PAGE_STEP);
    else this.move(step * PAGE_STEP);
  }

  /** Without a selection Enter takes the first thing; with one it shows all of it. */
  open(): void {
    const selected = selectedOf(this.ui);
    if (selected === undefined) this.move(panelNamed(this.ui.focus)?.follows === 'end' ? -1 : 1);
    else if (canOpen(selected)) this.ui = opened(this.ui, selected);
  }

  back(): void {
    const before = back(this.ui);
    if (before === undefined) this.answers.clear();
    else this.ui = before;
  }

  /** The causes behind what is selected, or behind what the page shows; where there is neither, somebody types `wait`. */
  why(): boolean {
    const key = this.#meant;
    if (key === undefined) return false;
    const subject = subjectOf(key);
    if (subject !== undefined) this.run(`why ${subject}`);
    else if (canOpen(key)) this.ui = opened(this.ui, key);
    return true;
  }

  /** The messages around what is selected, or around what the page shows; where there is neither, somebody types `delay`. */
  diagram(): boolean {
    const key = this.#meant;
    const page = key === undefined ? undefined : diagramOf(key);
    if (key === undefined || page === undefined) return key !== undefined;
    this.#openDiagram(page);
    if (key.startsWith('event:')) this.ui = withSelection(this.ui, key);
    return true;
  }

  actOnSelection(action: ActionKey): void {
    const key = this.#meant;
    const line = key === undefined ? undefined : lineFor(action, key, this.view);
    if (line === undefined) this.answers.tell([ACTS_ON]);
    else this.run(line);
  }

  run(line: string): void {
    this.#ask('> ', line);
    this.#controls.execute(line, (reply) => this.#told(reply));
  }

  /** What it is around is selected, and so in sight. */
  #openDiagram(page: string): void {
    this.ui = opened(this.ui, page);
    const { columns } = this.#controls.size();
    this.ui = withSelection(this.ui, focusOf(this.page(page, columns) ?? []));
  }

  /** What is selected, or what the page shows. */
  get #meant(): string | undefined {
    return selectedOf(this.ui) ?? this.ui.pages.at(-1);
  }

  /** What does not fit is scrolled to. */
  #readHelp({ name }: Key): void {
    const step =
      name === 'down' ? 1 : name === 'up' ? -1 : name === 'pagedown' ? 10 : name === 'pageup' ? -10 : undefined;
    this.help = step === undefined ? undefined : Math.max(0, this.help! + step);
  }

  #typeFilter(key: Key): void {
    if (key.name === 'up' || key.name === 'down') this.move(key.name === 'up' ? -1 : 1);
    else this.ui = typeFilter(this.ui, key);
  }

  #type(key: Key): void {
    const outcome = this.input.press(key);
    switch (outcome?.kind) {
      case 'interrupt':
      case 'eof':
        this.#controls.quit(outcome.kind === 'interrupt');
        return;
      case 'clear':
        this.answers.clear();
        return;
      case 'entered':
        this.#entered(outcome);
    }
  }

  /** Places and diagrams are shown, all else is for the session. */
  #entered({ entered, label, place }: Extract<Outcome, { kind: 'entered' }>): void {
    const { line } = entered;
    const jump = place ? jumpOf(line, this.view) : undefined;
    if (jump !== undefined) return this.#jump(jump);
    const page = this.input.lines.reading ? undefined : pageOfLine(line);
    if (page !== undefined) return this.#openDiagram(page);
    this.#ask(label.replace('kzsim', ''), line);
    this.input.lines.enter(entered);
  }

  #jump(jump: Jump): void {
    if (jump.kind === 'quit') this.quit();
    else if (jump.kind === 'help') this.showHelp();
    else this.ui = jumped(this.ui, jump);
  }

  /** A line is entered: what the one before it answered has been read. */
  #ask(label: string, line: string): void {
    if (isAnswerKey(this.ui.pages.at(-1))) this.ui = back(this.ui)!;
    this.answers.ask(label, line);
  }

  #told(reply: Reply): void {
    // What it did is to be seen with it.
    this.view = this.#controls.view();
    this.answers.told(reply);
    if (this.#answerRows > answerRoom(this.#controls.screen().rows)) this.ui = opened(this.ui, this.answers.pageKey);
    if (reply.exit === true) this.#controls.quit(false);
    this.#changed();
  }

  get #answerRows(): number {
    return this.answers.page(this.#controls.screen().columns).length;
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
