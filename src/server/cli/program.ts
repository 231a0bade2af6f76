// The command line: `warmpool` starts the server, `warmpool config` prints the configuration, `warmpool crd` prepares a cluster, `warmpool check` checks its claims.
import { Command } from 'commander';
import type { Flags } from '../config/load-config.ts';
import { CONFIG_PATH, SETTINGS, type Setting } from '../config/settings.ts';
import { VERSION } from '../version.ts';

type Commands = {
  readonly serve: (flags: Flags) => void | Promise<void>;
  readonly config: (flags: Flags) => void | Promise<void>;
  readonly crd: (action: 'install' | 'check', flags: Flags) => Promise<void>;
  readonly check: (sinceSeconds: number, flags: Flags) => Promise<void>;
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
          `error: unknown command '${word}'. The commands serve, config, crd, check and help come before flags. With npm, flags go after --: npm start -- --port 8091`,
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

  const check = addFlags(program.command('check'), [CONFIG_PATH])
    .description('check what was written about claims in a Kubernetes cluster, for operators')
    .option('--since <DURATION>', 'how far to look back: 90s, 10m or 1h; the cluster keeps 5 to 10 minutes', '10m')
    .action(({ since, ...flags }: Flags & { since: string }) => {
      const sinceSeconds = parseDuration(since);
      if (sinceSeconds === undefined)
        return check.error(`error: option '--since ${since}' must be a duration such as 90s, 10m or 1h`, {
          exitCode: 2,
        });
      return commands.check(sinceSeconds, flags);
    });

  return program
    .addHelpText('after', '\nSettings also come from environment variables and a TOML file: see docs/configuration.md.')
    .addHelpText('after', () => `\n${serve.helpInformation()}`);
};

const addFlags = (command: Command, settings: readonly Setting[]): Command => {
  for (const { option } of settings) if (option) command.addOption(option);
  return command;
};

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** `90s`, `10m` or `1h` in seconds; undefined for anything else. */
const parseDuration = (text: string): number | undefined => {
  const [, number, unit = ''] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  const seconds = UNIT_SECONDS[unit];
  return number === undefined || seconds === undefined ? undefined : Number(number) * seconds;
};
