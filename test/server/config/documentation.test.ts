import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Setting } from '../../../src/server/config/setting.ts';
import { ALL_SETTINGS } from '../../../src/server/config/settings.ts';

const code = (text: string | undefined) => (text === undefined ? '–' : `\`${text}\``);

const defaultOf = ({ default: value }: Setting<unknown>) =>
  code(value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value));

const rowOf = (setting: Setting<unknown>): string[] => [
  code(setting.flag?.name),
  code(setting.env ?? setting.lastEnv),
  code(setting.toml && `[${setting.toml.section}] ${setting.toml.key}`),
  defaultOf(setting),
  setting.description,
];

it('docs/configuration.md lists every setting as the table in the code has it, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
  const [, table = ''] = page.split('## Settings\n');
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
  expect(rows?.slice(2)).toEqual(ALL_SETTINGS.map(rowOf));
});
