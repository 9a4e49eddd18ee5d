/** Every command, one line each, in the order in which help lists them. */
import type { CliCommand } from '../command.ts';
import { up } from './up.ts';

export const COMMANDS: readonly CliCommand[] = [up];
