// The command line: `warmpool` starts the server, `warmpool config` prints the configuration, `warmpool crd` prepares a cluster.
import { Command } from 'commander';
import type { Flags } from '../config/load-config.ts';
import { CONFIG_PATH, SETTINGS, type Setting } from '../config/settings.ts';
import { VERSION } from '../version.ts';

type Commands = {
  readonly serve: (flags: Flags) => void | Promise<void>;
  readonly config: (flags: Flags) => void | Promise<void>;
  readonly crd: (action: 'install' | 'check', flags: Flags) => Promise<void>;
};

const CRD_ACTIONS = {
  install: 'install or update it; a CRD that Warmpool did not create is left unchanged',
  check: 'report whether it is installed, and how it differs from the one that Warmpool ships',
};

const CRD_SETTINGS = SETTINGS.filter(
  (setting) => setting === CONFIG_PATH || setting.name === '[kubernetes] controller',
);

/** Run it with `parseAsync()`. An invalid command line ends the process with exit code 1; what a command throws is rethrown. */
export const createProgram = (commands: Commands): Command => {
  const program = new Command('warmpool')
    .description('Keeps pools of sandboxes started ahead of time.')
    .version(VERSION)
    .showHelpAfterError('(see --help; with npm: npm start -- --help)');

  const serve = addFlags(program.command('serve', { isDefault: true }), SETTINGS)
    .description('start the server (default)')
    .allowExcessArguments()
    .action((flags: Flags, { args: [word] }: Command) => {
      // Commander passes a word that names no command to the default command.
      if (word !== undefined)
        serve.error(
          `error: unknown command '${word}'. The commands serve, config, crd and help come before flags. With npm, flags go after --: npm start -- --port 8091`,
        );
      return commands.serve(flags);
    });
  addFlags(program.command('config'), SETTINGS)
    .description('print the effective configuration and where each value came from')
    .action(commands.config);

  const crd = program.command('crd').description('manage the CRD of pools in a Kubernetes cluster, for administrators');
  for (const action of ['install', 'check'] as const)
    addFlags(crd.command(action), CRD_SETTINGS)
      .description(CRD_ACTIONS[action])
      .action((flags: Flags) => commands.crd(action, flags));

  return program
    .addHelpText('after', '\nSettings also come from environment variables and a TOML file: see docs/configuration.md.')
    .addHelpText('after', () => `\n${serve.helpInformation()}`);
};

const addFlags = (command: Command, settings: readonly Setting[]): Command => {
  for (const { option } of settings) if (option) command.addOption(option);
  return command;
};
