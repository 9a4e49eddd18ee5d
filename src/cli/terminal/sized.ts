/** Lines of the prompt that draw are told how much room there is, and whether the terminal of whoever asks has more than ASCII. */
import { showsUnicode } from '../dashboard/ascii.ts';

const NARROWEST = 40;
const WIDEST = 500;

/** What one typed comes later, and goes before. `columns` undefined: it is no terminal. */
export function sized(line: string, columns: number | undefined, env: NodeJS.ProcessEnv): string {
  if (columns === undefined) return line;
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  return line.replace(/^(\s*diagram)(?=\s|$)/, `$1 --width ${width}${showsUnicode(env) ? '' : ' --ascii'}`);
}
