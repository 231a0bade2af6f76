// What `warmpool config` prints.
import type { LoadedConfig } from './load-config.ts';
import { describeOrigin, nameOf, type AppliedSetting } from './setting.ts';

/** A table of every setting, its value in force and where that came from. Secrets are masked. */
export const describeConfig = ({ sources }: Pick<LoadedConfig, 'sources'>): string => {
  const rows = [
    ['SETTING', 'VALUE', 'FROM'] as const,
    ...sources.map((applied) => [nameOf(applied.setting), shown(applied), describeOrigin(applied.origin)] as const),
  ];
  const nameWidth = Math.max(...rows.map(([name]) => name.length));
  const valueWidth = Math.max(...rows.map(([, value]) => value.length));
  return rows
    .map(([name, value, origin]) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${origin}`)
    .join('\n');
};

const shown = ({ setting, value }: AppliedSetting): string => {
  if (value === undefined) return '(none)';
  if (setting.isSecret === true) return '(set, not shown)';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
