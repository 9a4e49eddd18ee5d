import type { ZkCommand } from '../command.ts';
import { notConnected } from '../not-connected.ts';

export const printwatches: ZkCommand = {
  name: 'printwatches',
  usage: 'on|off',
  about: 'whether events are told as they come; without a word: whether they are now',
  offline: true,
  completes: ['on', 'off'],
  examples: ['printwatches off'],
  run({ args, shell, print }) {
    if (args.words.length === 0) print(`printwatches is ${shell.printsWatches ? 'on' : 'off'}`);
    else shell.printsWatches = args.words[0] === 'on';
    if (!shell.isAlive) throw notConnected();
    return undefined;
  },
};
