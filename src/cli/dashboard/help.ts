import type { Line } from './text.ts';

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  [':', 'begin a command; most other letters do, too. Tab completes, Up and Ctrl-R recall'],
  ['Tab ] [', 'the next panel, the one before'],
  ['Up Down', 'select; PgUp PgDn by ten, Home End'],
  ['Enter', 'drill into the selection: node, partition, group, client, event …'],
  ['Esc', 'back: page, filter, selection, answers'],
  ['/', 'filter the panel: words that a row must hold, -word that it must not'],
  ['w', 'why: the causes behind the selection (without one: a letter like others)'],
  ['Space', 'pause, go on'],
  ['← →', 'step in time, to the notable event before or after (`time`)'],
  ['+ -', 'faster, slower'],
  ['Ctrl-Z', 'to the background; fg comes back'],
  ['q Ctrl-C', 'quit'],
];

const SIGNS: readonly (readonly [sign: string, tone: 'good' | 'warn' | 'bad', means: string])[] = [
  ['●', 'good', 'well'],
  ['◐', 'warn', 'under-replicated, paused, rebalancing'],
  ['○', 'bad', 'under min ISR'],
  ['✗', 'bad', 'stopped, offline, failed'],
];

/** The keys and the signs; any key closes it. */
export const helpLines: readonly Line[] = [
  [
    { text: 'Keys', bold: true },
    { text: '  (any key closes this)', tone: 'dim' },
  ],
  ...KEYS.map(([keys, does]): Line => [{ text: ` ${keys.padEnd(9)} `, bold: true }, { text: does }]),
  SIGNS.flatMap(([sign, tone, means]) => [{ text: ` ${sign}`, tone }, { text: ` ${means} ` }]),
  [{ text: 'Verbs: kill broker-1, start broker-1, partition 1,2 | 3, heal all, help', tone: 'dim' }],
];
