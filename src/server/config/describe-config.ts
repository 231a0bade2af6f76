// What `warmpool config` prints: each setting, its value, and where the value comes from.
import type { LoadedConfig } from './load-config.ts';
import { SETTINGS, type SettingName } from './settings.ts';

/** A table as text; the values of secrets are masked. */
export const describeConfig = ({ settings, sources }: LoadedConfig): string => {
  const rows = (Object.keys(SETTINGS) as SettingName[]).map((name) => {
    const [section, key] = SETTINGS[name].toml;
    return [`[${section}] ${key}`, show(settings[name], SETTINGS[name].isSecret ?? false), sources[name]];
  });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
};

const show = (value: unknown, isSecret: boolean): string => {
  if (value === undefined || value === '') return '-';
  return isSecret ? '********' : JSON.stringify(value);
};
