import { InvalidArgumentError, Option } from 'commander';
import { isClusterName } from '../../gateway/control/names.ts';

/** `--name`: which of the running clusters is meant. */
export function nameOption(about: string): Option {
  return new Option('--name <name>', about).argParser((text: string) => {
    if (isClusterName(text)) return text;
    throw new InvalidArgumentError('A name has up to 40 letters, digits, dots, dashes and underscores.');
  });
}
