/** Every command, one line each, in the order in which help lists them. */
import type { CliCommand } from '../command.ts';
import { ctl } from './ctl.ts';
import { down } from './down.ts';
import { env } from './env.ts';
import { play } from './play.ts';
import { repl } from './repl.ts';
import { replay } from './replay.ts';
import { scenarios } from './scenarios.ts';
import { schema } from './schema.ts';
import { status } from './status.ts';
import { up } from './up.ts';
import { validate } from './validate.ts';

export const COMMANDS: readonly CliCommand[] = [
  up,
  play,
  repl,
  replay,
  ctl,
  status,
  env,
  down,
  validate,
  scenarios,
  schema,
];
