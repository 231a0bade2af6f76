import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runWarmpool } from '../cli/run-warmpool.ts';
import { SETTINGS, type Setting } from '../../../src/server/config/settings.ts';
import { makeHome } from './temporary-home.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');

const code = (text: string | undefined) => (text === undefined ? '–' : `\`${text}\``);

const defaultOf = ({ schema }: Setting) => {
  const value = schema.parse(undefined);
  return code(value === undefined || typeof value === 'string' ? value : JSON.stringify(value));
};

const rowOf = (setting: Setting): string[] => [
  code(setting.option?.long),
  code(setting.env ?? setting.lastEnv),
  code(setting.toml),
  defaultOf(setting),
  setting.schema.description ?? '',
];

it('docs/configuration.md lists exactly the settings of the table in the code', () => {
  const [, table = ''] = PAGE.split('## Settings\n');
  const rows = table
    .split('\n## ')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows?.slice(2)).toEqual(SETTINGS.map(rowOf));
});

/** Commands of the page's examples with their output; `cat` shows the file that the command after it uses. */
const examples = [...PAGE.matchAll(/^```\n([^]*?)^```$/gm)].map(([, block = '']) => {
  const [, toml] = /^\$ cat .*\n([^]*?)(?=^\$)/m.exec(block) ?? [];
  const [, name = '', value = '', words = '', output = ''] = /^\$ (\w+)=(\S+) warmpool (.*)\n([^]*)/m.exec(block) ?? [];
  return { toml, env: { [name]: value }, words, output };
});

it.each(examples)('warmpool $words prints what docs/configuration.md shows', async ({ toml, env, words, output }) => {
  const home = makeHome(toml);
  const { stdout, stderr } = await runWarmpool(home, words.split(' '), env);
  // The home directory is longer than `~`, and the columns with it.
  const plain = (text: string) =>
    text.replaceAll(home.path, '~').replaceAll(/ {2,}/g, '  ').replaceAll(/ +$/gm, '').trim();
  expect(plain(stderr + stdout)).toBe(plain(output));
});
