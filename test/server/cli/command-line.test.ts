import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/server/cli/program.ts';
import type { Flags } from '../../../src/server/config/load-config.ts';
import { describeConfig } from '../../../src/server/config/describe-config.ts';
import { makeHome, type TemporaryHome } from '../config/temporary-home.ts';

type Call = { command: 'serve' | 'config'; flags: Flags };

/** What the program calls for these words. */
const called = async (...words: string[]): Promise<Call[]> => {
  const calls: Call[] = [];
  const note = (command: Call['command']) => (flags: Flags) => void calls.push({ command, flags });
  const commands = { serve: note('serve'), config: note('config'), crd: () => Promise.resolve() };
  await createProgram(commands).parseAsync(words, { from: 'user' });
  return calls;
};

const MAIN = join(import.meta.dirname, '../../../src/server/main.ts');

/** The real program in a process of its own. */
const run = (home: TemporaryHome, words: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { env: { HOME: home.path, ...env } };
    execFile(process.execPath, [MAIN, ...words], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });

describe('the command line', () => {
  it('serves when no command is given', async () => {
    expect(await called()).toEqual([{ command: 'serve', flags: {} }]);
    expect(await called('--port', '0')).toEqual([{ command: 'serve', flags: { port: '0' } }]);
    expect(await called('serve', '--port=0')).toEqual([{ command: 'serve', flags: { port: '0' } }]);
  });

  it('takes flags before and after a command', async () => {
    const flags = { port: '0', dataDir: '/data' };
    expect(await called('config', '--port', '0', '--data-dir', '/data')).toEqual([{ command: 'config', flags }]);
    expect(await called('--port', '0', 'config', '--data-dir', '/data')).toEqual([{ command: 'config', flags }]);
  });

  it.each([
    [['--prot', '0'], "unknown option '--prot'"],
    [['--port'], "option '--port <PORT>' argument missing"],
    [['confg'], "unknown command 'confg'"],
    [['config', 'more'], 'too many arguments'],
  ])('refuses %j with exit code 1', async (words, message) => {
    const { code, stdout, stderr } = await run(makeHome(), words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('tells a wrong configuration on standard error, with exit code 1 and no stack', async () => {
    const { code, stdout, stderr } = await run(makeHome(), ['--port', 'x']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('flag --port: [server] port must be an integer from 0 to 65535 (it is "x").');
    expect(stderr).not.toContain('    at ');
  });

  it('shows every flag in its help', async () => {
    const { code, stdout } = await run(makeHome(), ['--help']);
    expect(code).toBe(0);
    for (const flag of ['--config', '--host', '--port', '--runtime', '--data-dir', '--driver', '--version'])
      expect(stdout).toContain(flag);
  });
});

describe('warmpool config', () => {
  it('prints each value and where it came from, with warnings apart', async () => {
    const home = makeHome('[log]\nlevel = "DEBUG"\n[docker]\n');
    const { code, stdout, stderr } = await run(home, ['config', '--port', '0'], { WARMPOOL_HOST: '::1' });
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
    expect(stderr).toContain('[docker] is a section');
  });

  it('masks secrets', () => {
    const text = describeConfig(makeHome('[server]\napi_key = "top-secret"').load());
    expect(text).toMatch(/\[server\] api_key +\(set, not shown\) +\/.*\.sandbox\.toml/);
    expect(text).not.toContain('top-secret');
  });
});
