// The command line of the server: `warmpool` serves, `warmpool config` shows what is in force, `warmpool crd` prepares a cluster.
import { Command, Option } from 'commander';
import { VERSION } from '../version.ts';
import type { Flags } from '../config/load-config.ts';
import { ALL_SETTINGS } from '../config/settings.ts';

type Commands = {
  readonly serve: (flags: Flags) => void | Promise<void>;
  readonly config: (flags: Flags) => void | Promise<void>;
  /** Installs or checks the definition of the Pool custom resource. */
  readonly crd: (action: 'install' | 'check', flags: Flags) => Promise<void>;
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
          `error: unknown command '${word}': there are serve, config, crd and help. With npm, flags go after --: npm start -- --port 8091`,
        );
      await commands.serve(program.opts());
    });
  program
    .command('config')
    .description('print what is in force, and where each value comes from')
    .action(async () => {
      await commands.config(program.opts());
    });
  const crd = program
    .command('crd')
    .description('the definition of the Pool custom resource in a Kubernetes cluster, for an administrator');
  crd
    .command('install')
    .description('install it where there is none; one that Warmpool did not make is left as it is')
    .action(() => commands.crd('install', program.opts()));
  crd
    .command('check')
    .description('say whether it is installed, and how it differs from the one that Warmpool brings')
    .action(() => commands.crd('check', program.opts()));
  return program;
};
