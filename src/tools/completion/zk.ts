/** Words behind `zk`: commands of zkCli, their options, and paths of znodes. */
import { WORDS, wordNamed } from '../../coordinator/zookeeper/ensemble/four-letter/index.ts';
import { COMMANDS, commandNamed } from '../zk/index.ts';
import type { Place } from './places.ts';

export function zkWords({ session, before, word }: Place): readonly string[] {
  const [, name] = before.trim().split(/\s+/);
  const names = [...new Set([...COMMANDS, ...WORDS].map((known) => known.name))];
  if (name === undefined) return ['help', ...names];
  if (name === 'help') return names;
  const command = commandNamed(name);
  if (command === undefined && wordNamed(name) !== undefined)
    return [...session.cluster.catalog.quorum(), 'leader', 'all'];
  const options = command?.options ?? [];
  if (word.startsWith('-')) return options.map((option) => `-${option.name}`);
  const option = options.find((known) => before.endsWith(` -${known.name} `));
  if (option?.value !== undefined) return option.completes ?? [];
  if (Array.isArray(command?.completes)) return command.completes;
  if (command?.completes === 'server') return session.cluster.catalog.quorum();
  if (command?.completes !== 'path') return [];
  const { paths } = session.cluster.model.znodes;
  // One level of the tree at a time, as one types it.
  const depth = word.split('/').length;
  const level = paths.map((path) => path.split('/').slice(0, depth).join('/')).filter((path) => path !== '');
  return [...new Set(level)];
}
