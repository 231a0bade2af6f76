// The command line of the server: `warmpool` serves, `warmpool config` shows what is in force.
import { Command, Option } from 'commander';
import { VERSION } from '../version.ts';
import type { Flags } from './load-config.ts';
import { ALL_SETTINGS } from './settings.ts';

type Commands = {
  readonly serve: (flags: Flags) => void | Promise<void>;
  readonly config: (flags: Flags) => void | Promise<void>;
};

/**
 * The program, to be run with `await createProgram(commands).parseAsync()`. Flags may stand before or after the command.
 * A wrong command line is told on standard error and ends the process with exit code 1; what a command throws passes through.
 */
export const createProgram = (commands: Commands): Command => {
  const program = new Command('warmpool')
    .description('Keeps pools of sandboxes started ahead of time.')
    .version(VERSION)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(see --help; with npm: npm start -- --help)')
    .addHelpText(
      'after',
      '\nSettings also come from environment variables and a TOML file: see docs/configuration.md.',
    );
  for (const { flag, description } of ALL_SETTINGS)
    if (flag !== undefined)
      program.addOption(new Option(`${flag.name} <${flag.placeholder}>`, description.replaceAll('`', '')));

  program
    .command('serve', { isDefault: true })
    .description('start the server (default)')
    .allowExcessArguments()
    .action(async (_options: unknown, { args: [word] }: Command) => {
      // A word that names no command ends up at the default one.
      if (word !== undefined)
        program.error(
          `error: unknown command '${word}': there are serve, config and help. With npm, flags go after --: npm start -- --port 8091`,
        );
      await commands.serve(program.opts());
    });
  program
    .command('config')
    .description('print what is in force, and where each value comes from')
    .action(async () => {
      await commands.config(program.opts());
    });
  return program;
};
