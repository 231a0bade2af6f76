// The command line: `warmpool` serves, `warmpool config` prints what is in force.
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import type { Flags } from './load-config.ts';
import { SETTINGS } from './settings.ts';

type Commands = { readonly serve: (flags: Flags) => Promise<void>; readonly config: (flags: Flags) => void };

export const createProgram = (commands: Commands): Command => {
  const program = new Command('warmpool')
    .description('Keeps pools of sandboxes started ahead of time.')
    .version(VERSION)
    .option('--config <file>', 'TOML file; default: the one that SANDBOX_CONFIG_PATH names, else ~/.sandbox.toml')
    .showHelpAfterError('(see --help)');
  for (const row of Object.values(SETTINGS))
    if ('flag' in row && row.flag !== undefined) program.option(row.flag, row.description);
  program
    .command('serve', { isDefault: true })
    .description('start the server (default)')
    .action(() => commands.serve(program.opts()));
  program
    .command('config')
    .description('print what is in force, and where each value comes from')
    .action(() => {
      commands.config(program.opts());
    });
  return program;
};
