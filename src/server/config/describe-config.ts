// What `warmpool config` prints.
import type { AppliedSetting, LoadedConfig } from './load-config.ts';

/** A table of every setting, its effective value and where that came from. Secrets are masked. */
export const describeConfig = ({ applied }: Pick<LoadedConfig, 'applied'>): string => {
  const rows = [['SETTING', 'VALUE', 'FROM'], ...applied.map((it) => [it.setting.name, shown(it), it.origin])];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
};

const shown = ({ setting, value }: AppliedSetting): string => {
  if (value === undefined) return '(none)';
  if (setting.isSecret) return '(set, not shown)';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
