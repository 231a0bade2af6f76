// One of a few: a row of buttons, of which one is pressed.
import { Icon } from './icon.tsx';
import type { IconName } from './icon-name.ts';
import type { Tone } from './tone.ts';

export type Option<Value extends string> = {
  readonly value: Value;
  readonly word: string;
  readonly count?: number | undefined;
  readonly icon?: IconName;
  readonly tone?: Tone;
};

type ChoiceProps<Value extends string> = {
  readonly label: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly small?: boolean;
};

export const Choice = <Value extends string>({ label, options, value, onChange, small }: ChoiceProps<Value>) => (
  <div className={small ? 'choice small' : 'choice'} role="group" aria-label={label}>
    {options.map((option) => (
      <button
        key={option.value}
        type="button"
        aria-pressed={option.value === value}
        onClick={() => {
          onChange(option.value);
        }}
      >
        {option.icon && (
          <span className={`state ${option.tone ?? 'plain'}`}>
            <Icon name={option.icon} />
          </span>
        )}
        {option.word}
        {option.count !== undefined && <span className="n">{option.count}</span>}
      </button>
    ))}
  </div>
);
