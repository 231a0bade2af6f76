// Create a pool: a form or YAML of one state, with the plan of a dry run beside it.
import { Modal } from '@mantine/core';
import { lazy, Suspense, type KeyboardEvent } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useIsStale } from '../../api/use-connection.ts';
import { StateLabel } from '../../pool/state-label.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { DialogActions } from '../../ui/dialog-actions.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';
import { CreateForm } from './create-form.tsx';
import { CreatePlan } from './create-plan.tsx';
import { FIELDS, textAt } from './pool-draft.ts';
import { useCreatePool, type CreatePoolState } from './use-create-pool.ts';

const CreateYaml = lazy(async () => ({ default: (await import('./create-yaml.tsx')).CreateYaml }));

export const CreateDialog = () => {
  useReturnFocus();
  const [, navigate] = useLocation();
  const search = useSearch();
  const state = useCreatePool();
  const isStale = useIsStale();
  const close = () => {
    navigate(search === '' ? '/' : `/?${search}`);
  };
  const mayCreate = state.request !== undefined && state.problems.length === 0 && !isStale && !state.create.isPending;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (mayCreate && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) state.create.mutate();
  };
  return (
    <Modal
      opened
      onClose={close}
      size={960}
      closeOnClickOutside={false}
      fullScreen={useIsNarrow()}
      padding={0}
      title={<Head state={state} />}
      classNames={{ content: 'dialog-box create', header: 'dialog-head', title: 'dialog-title' }}
      onKeyDown={onKeyDown}
    >
      <div className="dialog-body">
        {state.mode === 'form' ? (
          <CreateForm state={state} />
        ) : (
          <Suspense fallback={<div />}>
            <CreateYaml state={state} />
          </Suspense>
        )}
        <CreatePlan state={state} />
      </div>
      <div className="dialog-foot">
        <DialogActions lead={<Verdict state={state} />} onClose={close}>
          <Button
            kind="primary"
            disabled={!mayCreate}
            onClick={() => {
              state.create.mutate();
            }}
          >
            Create pool
            <kbd>Ctrl Enter</kbd>
          </Button>
        </DialogActions>
      </div>
    </Modal>
  );
};

const Head = ({ state: { mode, setMode, isYaml } }: { readonly state: CreatePoolState }) => (
  <span className="dialog-title-row">
    Create pool
    <Choice
      label="Edit as"
      small
      options={[
        { value: 'form', word: 'Form' },
        { value: 'yaml', word: 'YAML' },
      ]}
      value={mode}
      onChange={(next) => {
        // A text that is not YAML has no values for the fields.
        if (next === 'yaml' || isYaml) setMode(next);
      }}
    />
  </span>
);

const Verdict = ({ state }: { readonly state: CreatePoolState }) => {
  const { draft, problems, request, isCurrent, refusal } = state;
  const isUnnamed = textAt(draft, FIELDS.name) === '' && problems.every(({ path }) => path[0] === 'name');
  if (isUnnamed) return <StateLabel icon="waiting" tone="none" word="Needs a name" />;
  if (problems.length > 0)
    return (
      <StateLabel
        icon="degraded"
        tone="bad"
        word={problems.length === 1 ? '1 problem' : `${problems.length} problems`}
      />
    );
  if (request === undefined || !isCurrent) return <StateLabel icon="waiting" tone="none" word="Checking" />;
  return refusal === undefined ? (
    <StateLabel icon="ready" tone="ok" word="Checked by the server" />
  ) : (
    <StateLabel icon="degraded" tone="bad" word="Refused by the server" />
  );
};
