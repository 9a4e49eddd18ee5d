/** Every four-letter word: one line each, in the order of their names. */
import { cons, crst, srst, stat } from './connections.ts';
import { mntr } from './mntr.ts';
import { conf, dirs, envi, gtmk, isro, ruok, srvr } from './server.ts';
import { dump, wchc, wchp, wchs } from './sessions.ts';
import type { FourLetterWord } from './view.ts';

export const WORDS: readonly FourLetterWord[] = [
  conf,
  cons,
  crst,
  dirs,
  dump,
  envi,
  gtmk,
  isro,
  mntr,
  ruok,
  srst,
  srvr,
  stat,
  wchc,
  wchp,
  wchs,
];

export function wordNamed(name: string): FourLetterWord | undefined {
  return WORDS.find((word) => word.name === name);
}
