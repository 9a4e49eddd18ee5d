import { Command, Option } from 'commander';
import { COMMANDS } from './commands/index.ts';
import type { ExitCode } from './exit-codes.ts';
import { VERSION } from './version.ts';

/** The whole command line, from the table of commands. */
export function makeProgram(ended: (code: ExitCode) => void): Command {
  const program = new Command('kzsim')
    .description('A whole Apache Kafka cluster in one process, that can be broken on purpose and replayed exactly.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride();
  program.addHelpText(
    'after',
    '\nStart here:\n' +
      '  kzsim play scenarios/leader-crash.yaml    watch a broker die, and nothing get lost\n' +
      '  kzsim up                                  a cluster to break by hand\n' +
      '\n`kzsim COMMAND --help` shows the options of a command, with examples.',
  );
  for (const command of COMMANDS) {
    const declared = program
      .command(command.name)
      .description(command.summary)
      .helpOption('-h, --help', 'print this help')
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError(`(run \`kzsim ${command.name} --help\` for its options)`)
      .allowExcessArguments(false);
    command.declare(declared);
    addCommonOptions(declared);
    const width = Math.max(...command.examples.map(([line]) => line.length));
    declared.addHelpText(
      'after',
      `\nExamples:\n${command.examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`).join('\n')}`,
    );
    declared.action(async () => {
      const options = declared.opts();
      if (options.o === 'json') options.json = true;
      ended(await command.run({ args: declared.args, options }));
    });
  }
  return program;
}

function addCommonOptions(command: Command): void {
  command
    .addOption(new Option('--json', 'data on standard output as JSON, notes on standard error'))
    .addOption(new Option('-o <format>', 'the same as --json').choices(['json']))
    .addOption(new Option('--plain', 'lines without colour or redrawing, for logs and screen readers'))
    .addOption(new Option('--no-color', 'no colour (also NO_COLOR=1)'))
    .addOption(new Option('-q, --quiet', 'only what was asked for, no remarks'))
    .addOption(new Option('-v, --verbose', 'more of everything, and stack traces of internal errors'));
}
