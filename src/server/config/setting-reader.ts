// Reads settings from their places: flag, then variable, then file, then default.
import { resolve } from 'node:path';
import type { ConfigFile } from './config-file.ts';
import { describeOrigin, nameOf, optionOf, type AppliedSetting, type Origin, type Setting } from './setting.ts';
import { valueAt } from './toml-section.ts';

/** Texts by the name of the variable, or of the flag's option (`dataDir`). */
export type Texts = Readonly<Record<string, string | undefined>>;

type Places = {
  readonly flags: Texts;
  readonly env: Texts;
  readonly homeDir: string;
  readonly file?: ConfigFile | undefined;
};

type Candidate = { readonly raw: unknown; readonly origin: Origin };

/** Collects what it read and what is wrong, so that all wrong values are told at once. */
export class SettingReader {
  readonly applied: AppliedSetting[] = [];
  readonly problems: string[] = [];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /**
   * The value in force. Every place that has a value is judged, also where another one wins.
   * After a problem the answer is the default, and means nothing.
   */
  readonly read = <Value>(setting: Setting<Value>): Value => {
    const [inForce = { value: setting.default, origin: { from: 'default' as const } }] = this.#candidates(
      setting,
    ).flatMap(({ raw, origin }) => {
      const parsed = setting.schema.safeParse(this.#resolved(setting, raw, origin));
      if (parsed.success) return [{ value: parsed.data, origin }];
      this.problems.push(describeProblem(setting, raw, origin, parsed.error.issues[0]?.message));
      return [];
    });
    this.applied.push({ setting, ...inForce });
    return inForce.value;
  };

  #candidates({ flag, env, toml, lastEnv, ...setting }: Setting<unknown>): readonly Candidate[] {
    const { flags, env: variables, file } = this.#places;
    const fromText = setting.fromText ?? ((text) => text);
    const ofText = (text: string | undefined, origin: Origin) =>
      text === undefined ? [] : [{ raw: fromText(text), origin }];
    const ofEnv = (name: string | undefined) =>
      name === undefined ? [] : ofText(variables[name] === '' ? undefined : variables[name], { from: 'env', name });
    const inFile = file === undefined || toml === undefined ? undefined : valueAt(file.table, toml);
    return [
      ...(flag === undefined ? [] : ofText(flags[optionOf(flag.name)], { from: 'flag', name: flag.name })),
      ...ofEnv(env),
      ...(file === undefined || inFile === undefined || (inFile === '' && setting.isEmptyNone)
        ? []
        : [{ raw: inFile, origin: { from: 'file' as const, path: file.path } }]),
      ...ofEnv(lastEnv),
      { raw: setting.default, origin: { from: 'default' } },
    ];
  }

  #resolved({ isPath, lastEnv }: Setting<unknown>, raw: unknown, origin: Origin): unknown {
    // Another program's variable is taken as it stands: KUBECONFIG may name several files.
    const isForeign = origin.from === 'env' && origin.name === lastEnv;
    if (isPath !== true || isForeign || typeof raw !== 'string' || raw === '') return raw;
    return resolve(raw.replace(/^~(?=\/|$)/, this.#places.homeDir));
  }
}

/** Longest value that an error quotes, in characters. */
const QUOTE_MAX_LENGTH = 60;

const describeProblem = (setting: Setting<unknown>, raw: unknown, origin: Origin, reason = 'is wrong'): string => {
  const quoted = JSON.stringify(raw).slice(0, QUOTE_MAX_LENGTH);
  return `${describeOrigin(origin)}: ${nameOf(setting)} ${reason}${setting.isSecret === true ? '' : ` (it is ${quoted})`}.`;
};
