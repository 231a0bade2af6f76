// A filter over a list. The key "/" focuses it.
import { Icon } from './icon.tsx';

type SearchInputProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

export const SearchInput = ({ label, value, onChange }: SearchInputProps) => (
  <label className="input search">
    <Icon name="search" />
    <input
      type="search"
      className="value"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => {
        onChange(event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
    <kbd aria-hidden="true">/</kbd>
  </label>
);
