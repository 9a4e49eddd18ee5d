/** What a line of a tool most likely meant: kzsim's own words, under those of the tool. */
import type { Catalog } from '../../cluster/names.ts';
import { nearest } from '../../config/nearest.ts';
import { namesOf } from '../../config/tables.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { Tool } from './tool.ts';

/** `did you mean --topic?`; undefined where nobody can tell. */
export function guessOf(tool: Tool, words: readonly string[], catalog: Catalog): string | undefined {
  return optionGuess(tool, words) ?? settingGuess(words) ?? nameGuess(tool, words, catalog);
}

function optionGuess({ options, refuses = {} }: Tool, words: readonly string[]): string | undefined {
  const names = options.map(({ name }) => name);
  for (const word of words) {
    const [, written] = /^--([^=]+)/.exec(word) ?? [];
    if (written === undefined || written in refuses || names.some((name) => name.startsWith(written))) continue;
    const meant = nearest(written, names);
    if (meant !== undefined) return question(`--${meant}`);
  }
  return undefined;
}

/** A setting of a topic or a broker: `--config min.insync.replcas=2`. */
function settingGuess(words: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    if (!/^--((add|delete)-)?config$/.test(word)) continue;
    for (const setting of (words[index + 1] ?? '').split(',')) {
      const [name = ''] = setting.split('=', 1);
      const known = [...namesOf('topic'), ...namesOf('broker')];
      const meant = known.includes(name) ? undefined : nearest(name, known);
      if (meant !== undefined) return question(meant);
    }
  }
  return undefined;
}

/** A topic, a group or a word that is none, behind an option that takes one. */
function nameGuess({ options }: Tool, words: readonly string[], catalog: Catalog): string | undefined {
  for (const [index, word] of words.entries()) {
    const [, name, joined] = /^--?([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    const option = options.find((known) => known.name === name);
    // `orders:0,1` names partitions of a topic.
    const value = (joined ?? words[index + 1])?.replace(/[:,].*$/, '');
    // No number is a slip for another.
    if (option?.completes === undefined || value === undefined || /^\d+$/.test(value)) continue;
    const known = knownTo(option.completes, catalog);
    const meant = known.includes(value) ? undefined : nearest(value, known);
    if (meant !== undefined) return question(meant);
  }
  return undefined;
}

function knownTo(completes: NonNullable<Tool['options'][number]['completes']>, catalog: Catalog): readonly string[] {
  switch (completes) {
    case 'topic':
      return [...catalog.topics().keys()];
    case 'group':
      return [...catalog.groups()];
    case 'broker':
      return catalog.brokers().map(String);
    default:
      return completes;
  }
}

const question = (meant: string): string => didYouMean(meant).slice(' - '.length);
