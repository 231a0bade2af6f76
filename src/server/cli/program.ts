// The command line: `warmpool` starts the server, `warmpool config` prints the configuration, `warmpool crd` prepares a cluster.
import { Command } from 'commander';
import type { Flags } from '../config/load-config.ts';
import { CONFIG_PATH, SETTINGS } from '../config/settings.ts';
import { VERSION } from '../version.ts';

type Commands = {
  readonly serve: (flags: Flags) => void | Promise<void>;
  readonly config: (flags: Flags) => void | Promise<void>;
  readonly crd: (action: 'install' | 'check', flags: Flags) => Promise<void>;
};

/** Run it with `parseAsync()`. An invalid command line ends the process with exit code 1; what a command throws passes through. */
export const createProgram = (commands: Commands): Command => {
  const program = new Command('warmpool')
    .description('Keeps pools of sandboxes started ahead of time.')
    .version(VERSION)
    .showHelpAfterError('(see --help; with npm: npm start -- --help)');
  const command = (
    name: string,
    description: string,
    { parent = program, settings = SETTINGS, isDefault = false } = {},
  ) => {
    const created = parent.command(name, { isDefault }).description(description);
    for (const { option } of settings) if (option) created.addOption(option);
    return created;
  };

  const serve = command('serve', 'start the server (default)', { isDefault: true })
    .allowExcessArguments()
    .action((flags: Flags, { args: [word] }: Command) => {
      // Commander passes a word that names no command to the default command.
      if (word !== undefined)
        serve.error(
          `error: unknown command '${word}'. The commands serve, config, crd and help come before flags. With npm, flags go after --: npm start -- --port 8091`,
        );
      return commands.serve(flags);
    });
  command('config', 'print the effective configuration and where each value came from').action(commands.config);

  const crd = program.command('crd').description('manage the CRD of pools in a Kubernetes cluster, for administrators');
  const options = { parent: crd, settings: [CONFIG_PATH] };
  command('install', 'install or update it; a CRD that Warmpool did not create is left as it is', options).action(
    (flags: Flags) => commands.crd('install', flags),
  );
  command(
    'check',
    'report whether it is installed, and how it differs from the one that Warmpool ships',
    options,
  ).action((flags: Flags) => commands.crd('check', flags));
  return program.addHelpText(
    'after',
    () =>
      `\nSettings also come from environment variables and a TOML file: see docs/configuration.md.\n\n${serve.helpInformation()}`,
  );
};
