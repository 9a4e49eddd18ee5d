/** The line under the picture: what is typed there, and what becomes of it when it is entered. */
import type { Completer } from '../../tools/complete.ts';
import { type EditorState, edit, emptyLine, type Key, withoutEntry } from '../repl/line-editor.ts';
import { type Entered, type LineHost, TypedLines } from '../repl/typed-lines.ts';
import { JUMPS } from './jumps.ts';

/** What a key did that concerns more than the line. */
export type Outcome =
  | { readonly kind: 'interrupt' | 'eof' | 'clear' }
  /** `label`: what stood before it. `place`: it was typed behind `:`, and may be the name of a place. */
  | { readonly kind: 'entered'; readonly entered: Entered; readonly label: string; readonly place: boolean };

export class PromptInput {
  editor: EditorState;
  readonly lines: TypedLines;
  /** `:` was pressed: every key is typed, until the line is entered or left. */
  prompting = false;
  readonly #complete: Completer;

  constructor(history: readonly string[], complete: Completer, host: LineHost) {
    this.editor = emptyLine(history);
    this.lines = new TypedLines(host);
    this.#complete = (text, cursor) => this.#offered(complete, text, cursor);
  }

  /** Keys belong to the line, and steer nothing. */
  get typing(): boolean {
    const { text, pasting, search } = this.editor;
    return this.prompting || this.lines.reading || text !== '' || pasting || search !== undefined;
  }

  press(key: Key): Outcome | undefined {
    const before = this.editor;
    if (this.prompting && before.text === '' && key.name === 'escape' && before.menu === undefined) {
      this.prompting = false;
      return undefined;
    }
    const { reading, label } = this.lines;
    const [editor, effect] = edit(before, key, this.#complete);
    this.editor = reading && effect?.kind === 'submit' ? withoutEntry(editor, before) : editor;
    if (effect === undefined) {
      if (key.name === 'return' && editor.text === '') this.prompting = false;
      return undefined;
    }
    if (effect.kind === 'submit') {
      const place = this.prompting && !reading;
      this.prompting = false;
      return { kind: 'entered', entered: effect, label, place };
    }
    if (effect.kind === 'interrupt' && this.lines.interrupt()) return undefined;
    return effect.kind === 'eof' && this.lines.end() ? undefined : { kind: effect.kind };
  }

  /** Behind `:` the places are offered, too. */
  #offered(complete: Completer, text: string, cursor: number): ReturnType<Completer> {
    const found = complete(text, cursor);
    if (!this.prompting || found.start > 0) return found;
    const places = JUMPS.filter((name) => name.startsWith(text.slice(0, cursor)) && !found.items.includes(name));
    return { ...found, items: [...places, ...found.items] };
  }
}
