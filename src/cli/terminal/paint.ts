import { Chalk } from 'chalk';

/** Colour, where it is wanted. It only ever repeats what a sign or a word says. */
export type Paint = (text: string) => string;

export interface Paints {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  readonly on: boolean;
}

const plain: Paint = (text) => text;
const { bold, dim, red, green, yellow, cyan } = new Chalk({ level: 1 });

export const NO_PAINTS: Paints = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  cyan: plain,
  on: false,
};

const COLOURS: Paints = { bold, dim, red, green, yellow, cyan, on: true };

/** NO_COLOR and `--no-color` before FORCE_COLOR, and that before what the stream is (https://no-color.org). */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv, off: boolean): boolean {
  if (off || (env.NO_COLOR ?? '') !== '') return false;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

export function paints(colour: boolean): Paints {
  return colour ? COLOURS : NO_PAINTS;
}
