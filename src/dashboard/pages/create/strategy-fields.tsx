// How fast the pool grows and rolls out, and what becomes of a used member: closed until somebody opens them.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { MAX_UNAVAILABLE_DEFAULT, type RecycleStrategy } from '../../../contract/strategies.ts';
import { Choice, type Option } from '../../ui/choice.tsx';
import { Icon } from '../../ui/icon.tsx';
import { FIELDS, parseShare, textAt, withField } from './pool-draft.ts';
import type { CreatePoolState } from './use-create-pool.ts';

type Recycling = NonNullable<RecycleStrategy['type']>;

const RECYCLING: readonly Option<Recycling>[] = [
  { value: 'Delete', word: 'Delete' },
  { value: 'Restart', word: 'Restart' },
  { value: 'Noop', word: 'Noop' },
];

const MEANINGS: Readonly<Record<Recycling, string>> = {
  Delete: 'A used member is stopped, and a new one is started.',
  Restart: 'A used member is restarted with a fresh file system.',
  Noop: 'A used member is handed out again as it was left.',
};

export const StrategyFields = ({ state: { draft, setDraft, problemAt } }: { readonly state: CreatePoolState }) => {
  const [isOpen, setOpen] = useState(false);
  const shares = [
    ['Grow and shrink by', FIELDS.scale, 'scaleStrategy.maxUnavailable'],
    ['Roll out by', FIELDS.update, 'updateStrategy.maxUnavailable'],
  ] as const;
  const recycling = RECYCLING.find(({ value }) => value === textAt(draft, FIELDS.recycle))?.value ?? 'Delete';
  const summary = shares.map(([, path]) => textAt(draft, path) || MAX_UNAVAILABLE_DEFAULT);
  return (
    <div>
      <button
        type="button"
        className="disclose"
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        <Icon name={isOpen ? 'down' : 'right'} />
        <span>Strategies</span>
        <span className="t3">
          scale {summary[0]}, update {summary[1]}, recycle {recycling}
        </span>
      </button>
      {isOpen && (
        <div className="strategies">
          <div className="two">
            {shares.map(([label, path, name]) => (
              <TextInput
                key={name}
                label={label}
                placeholder={MAX_UNAVAILABLE_DEFAULT}
                description={name}
                value={textAt(draft, path)}
                error={problemAt(name)}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                onChange={(event) => {
                  setDraft(withField(draft, path, parseShare(event.target.value)));
                }}
              />
            ))}
          </div>
          <fieldset>
            <legend>
              When a claim ends <span>{MEANINGS[recycling]}</span>
            </legend>
            <Choice
              label="When a claim ends"
              options={RECYCLING}
              value={recycling}
              onChange={(type) => {
                setDraft(withField(draft, FIELDS.recycle, type));
              }}
            />
          </fieldset>
        </div>
      )}
    </div>
  );
};
