/** The dashboard's state beside the cluster: what is focused, typed, answered. One place; the screen is a function of it. */

import type { Completer } from '../../tools/complete.ts';
import type { Reply } from '../../tools/session.ts';
import type { DashboardView } from '../../tools/view.ts';
import { type EditorState, edit, emptyLine, type Key } from '../repl/line-editor.ts';
import { PANELS } from './panels/index.ts';

/** What the keys of the dashboard move. */
export interface Controls {
  view(): DashboardView;
  execute(line: string, done: (reply: Reply) => void): void;
  complete: Completer;
  togglePause(): void;
  /** One step faster (1) or slower (-1). */
  changeSpeed(step: 1 | -1): void;
  quit(interrupted: boolean): void;
}

const MOST_ANSWERS = 200;

export class DashboardStore {
  readonly #controls: Controls;
  readonly #listeners = new Set<() => void>();
  #version = 0;
  editor: EditorState;
  focus: string;
  help = false;
  /** Answers of the prompt, the newest last. */
  answers: readonly string[] = [];
  view: DashboardView;

  constructor(controls: Controls, history: readonly string[]) {
    this.#controls = controls;
    this.editor = emptyLine(history);
    this.view = controls.view();
    this.focus = this.view.steps.length > 0 ? 'steps and expectations' : 'partitions';
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly version = (): number => this.#version;

  /** Reads the cluster anew. */
  refresh(): void {
    this.view = this.#controls.view();
    this.#changed();
  }

  /** On an empty line some keys steer the dashboard; everything else is typed. */
  press(key: Key): void {
    if (this.editor.text !== '' || this.editor.pasting || this.editor.search !== undefined || !this.#steer(key))
      this.#type(key);
    this.#changed();
  }

  #steer(key: Key): boolean {
    if (key.ctrl || key.meta) return false;
    if (this.help) {
      this.help = false;
      return true;
    }
    switch (key.sequence) {
      case '?':
        this.help = true;
        return true;
      case ':':
        return true;
      case ' ':
        this.#controls.togglePause();
        break;
      case '+':
      case '=':
        this.#controls.changeSpeed(1);
        break;
      case '-':
        this.#controls.changeSpeed(-1);
        break;
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
    this.view = this.#controls.view();
    return true;
  }

  #focusNext(step: 1 | -1): void {
    const shown = PANELS.filter((panel) => panel.shown(this.view));
    const at = shown.findIndex(({ name }) => name === this.focus);
    this.focus = shown[(at + step + shown.length) % shown.length]!.name;
  }

  #type(key: Key): void {
    const [editor, effect] = edit(this.editor, key, this.#controls.complete);
    this.editor = editor;
    if (effect === undefined) return;
    if (effect.kind === 'interrupt' || effect.kind === 'eof') return this.#controls.quit(effect.kind === 'interrupt');
    if (effect.kind === 'clear') this.answers = [];
    if (effect.kind !== 'submit') return;
    const { line } = effect;
    this.#answer([`> ${line}`]);
    this.#controls.execute(line, (reply) => {
      this.#answer(reply.lines.map((text) => (reply.ok ? text : `✗ ${text}`)));
      if (reply.exit === true) this.#controls.quit(false);
      this.#changed();
    });
  }

  #answer(lines: readonly string[]): void {
    this.answers = [...this.answers, ...lines].slice(-MOST_ANSWERS);
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
