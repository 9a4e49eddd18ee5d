import { emitKeypressEvents } from 'node:readline';
import type { Key } from '../repl/line-editor.ts';

interface Pressed {
  readonly sequence?: string;
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

/** One call a key, also where many arrive at once; pastes come between `paste-start` and `paste-end`. Returns the end of it. */
export function readKeys(input: NodeJS.ReadStream, handler: (key: Key) => void): () => void {
  // A lone Escape is told from the beginning of a longer sequence by what follows within this time.
  const decoding: object = { escapeCodeTimeout: 30 };
  emitKeypressEvents(input, decoding as Parameters<typeof emitKeypressEvents>[1]);
  const pressed = (text: string | undefined, key: Pressed): void =>
    handler({
      sequence: key.sequence ?? text ?? '',
      ctrl: key.ctrl === true,
      // A lone Escape is told as Escape with Meta.
      meta: key.meta === true && key.name !== 'escape',
      shift: key.shift === true,
      ...(key.name === undefined ? {} : { name: key.name }),
    });
  input.setRawMode(true);
  input.on('keypress', pressed);
  input.resume();
  return () => {
    input.off('keypress', pressed);
    input.setRawMode(false);
    input.pause();
  };
}
