import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/server/cli/program.ts';
import { describeConfig, type Flags } from '../../../src/server/config/load-config.ts';
import { makeHome } from '../config/temporary-home.ts';
import { runWarmpool } from './run-warmpool.ts';

type Call = { command: 'serve' | 'config' | 'install' | 'check'; flags: Flags; sinceSeconds?: number };

/** The commands that the program calls for these arguments. */
const called = async (...words: string[]): Promise<Call[]> => {
  const calls: Call[] = [];
  const note = (command: Call['command']) => (flags: Flags) => void calls.push({ command, flags });
  const commands = {
    serve: note('serve'),
    config: note('config'),
    crd: async (action: 'install' | 'check', flags: Flags) => void calls.push({ command: action, flags }),
    check: async (sinceSeconds: number, flags: Flags) => void calls.push({ command: 'check', flags, sinceSeconds }),
  };
  await createProgram(commands).parseAsync(words, { from: 'user' });
  return calls;
};

describe('The command line', () => {
  it('warmpool without a command starts the server', async () => {
    expect(await called()).toEqual([{ command: 'serve', flags: {} }]);
    expect(await called('--port', '0')).toEqual([{ command: 'serve', flags: { port: '0' } }]);
    expect(await called('serve', '--port=0')).toEqual([{ command: 'serve', flags: { port: '0' } }]);
  });

  it('Flags are accepted after a command', async () => {
    const flags = { port: '0', dataDir: '/data' };
    expect(await called('config', '--port', '0', '--data-dir', '/data')).toEqual([{ command: 'config', flags }]);
    expect(await called('serve', '--port', '0', '--data-dir', '/data')).toEqual([{ command: 'serve', flags }]);
  });

  it('warmpool crd accepts --config and --controller and no other flag of the server', async () => {
    expect(await called('crd', 'check', '--config', 'a.toml', '--controller', 'warmpool')).toEqual([
      { command: 'check', flags: { config: 'a.toml', controller: 'warmpool' } },
    ]);
    const { code, stderr } = await runWarmpool(makeHome(), ['crd', 'check', '--port', '0']);
    expect(code).toBe(1);
    expect(stderr).toContain("unknown option '--port'");
  });

  it('warmpool check looks back 10 minutes, or as far as --since says', async () => {
    const check = (sinceSeconds: number, flags = {}) => [{ command: 'check', flags, sinceSeconds }];
    expect(await called('check')).toEqual(check(600));
    expect(await called('check', '--since', '90s', '--config', 'a.toml')).toEqual(check(90, { config: 'a.toml' }));
    expect(await called('check', '--since', '1h')).toEqual(check(3_600));
  });

  it.each(['10', '0m'])('warmpool check --since "%s" is refused with exit code 2', async (since) => {
    const { code, stderr } = await runWarmpool(makeHome(), ['check', '--since', since]);
    expect(code).toBe(2);
    expect(stderr).toContain(`option '--since ${since}' must be a duration such as 90s, 10m or 1h`);
  });

  it('warmpool check exits with code 2 if it cannot check', async () => {
    const { code, stdout, stderr } = await runWarmpool(makeHome(), ['check']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('warmpool: No kubeconfig is set');
  });

  it.each([
    [['--prot', '0'], "unknown option '--prot'"],
    [['--port'], "option '--port <PORT>' argument missing"],
    [['confg'], "unknown command 'confg'"],
    [['--port', '0', 'config'], 'come before flags'],
    [['config', 'more'], 'too many arguments'],
  ])('The command line %j is refused with exit code 1', async (words, message) => {
    const { code, stdout, stderr } = await runWarmpool(makeHome(), words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('An invalid configuration is reported on standard error, with exit code 1 and without a stack trace', async () => {
    const { code, stdout, stderr } = await runWarmpool(makeHome(), ['--port', 'x']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('flag --port: [server] port must be an integer from 0 to 65535 (it is "x").');
    expect(stderr).not.toContain('    at ');
  });

  it('The help lists every flag', async () => {
    const { code, stdout } = await runWarmpool(makeHome(), ['--help']);
    expect(code).toBe(0);
    for (const flag of [
      '--config',
      '--host',
      '--port',
      '--runtime',
      '--data-dir',
      '--driver',
      '--controller',
      '--version',
    ])
      expect(stdout).toContain(flag);
  });
});

describe('warmpool config', () => {
  it('warmpool config prints each value with its origin, and warnings on standard error', async () => {
    const home = makeHome('[log]\nlevel = "DEBUG"\n[docker]\n');
    const { code, stdout, stderr } = await runWarmpool(home, ['config', '--port', '0'], { WARMPOOL_HOST: '::1' });
    expect(code).toBe(0);
    const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
    expect(lines).toEqual(
      expect.arrayContaining([
        'SETTING | VALUE | FROM',
        `SANDBOX_CONFIG_PATH | ${home.path}/.sandbox.toml | default`,
        '[server] host | ::1 | env WARMPOOL_HOST',
        '[server] port | 0 | flag --port',
        '[server] api_key | (none) | default',
        `[local] data_dir | ${home.path}/.warmpool | default`,
        `[log] level | debug | ${home.path}/.sandbox.toml`,
      ]),
    );
    expect(stderr).toContain('[docker] is ignored: unknown section');
  });

  it('warmpool config masks secrets', () => {
    const text = describeConfig(makeHome('[server]\napi_key = "top-secret"').load());
    expect(text).toMatch(/\[server\] api_key +\(set, not shown\) +\/.*\.sandbox\.toml/);
    expect(text).not.toContain('top-secret');
  });
});
