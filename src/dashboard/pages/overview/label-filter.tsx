// The label filter: a button that opens the labels that exist, and those that are chosen.
import { Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { PoolResponse } from '../../../contract/pool.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { LabelOptions } from './label-options.tsx';
import { toggleLabel, type LabelChoice } from './labels.ts';

type LabelFilterProps = {
  readonly choice: LabelChoice;
  readonly pools: ReadonlyMap<string, PoolResponse>;
  readonly onChange: (choice: LabelChoice) => void;
};

export const LabelFilter = ({ choice, pools, onChange }: LabelFilterProps) => {
  const [isOpen, { toggle, close }] = useDisclosure();
  const toggleOne = (key: string, value: string) => {
    onChange(toggleLabel(choice, key, value));
  };
  const chosen = [...choice].flatMap(([key, values]) => values.map((value) => ({ key, value })));
  return (
    <>
      <Popover opened={isOpen} onDismiss={close} position="bottom-start" shadow="md" trapFocus returnFocus width={320}>
        <Popover.Target>
          <Button icon="label" onClick={toggle}>
            Labels
          </Button>
        </Popover.Target>
        <Popover.Dropdown className="label-menu" aria-label="Filter by label">
          <LabelOptions choice={choice} pools={pools} toggle={toggleOne} />
        </Popover.Dropdown>
      </Popover>
      {chosen.map(({ key, value }) => (
        <span key={`${key}=${value}`} className="tag removable">
          <span className="tag-text" title={`${key}=${value}`}>
            {key}={value}
          </span>
          <IconButton
            icon="close"
            small
            label={`Remove the filter ${key}=${value}`}
            onClick={() => {
              toggleOne(key, value);
            }}
          />
        </span>
      ))}
    </>
  );
};
