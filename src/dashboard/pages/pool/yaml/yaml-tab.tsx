// The pool as YAML: problems at their place, what changes, what the rule would do, then apply.
import type { EditorView } from '@codemirror/view';
import { useMemo, useRef } from 'react';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { StateLabel } from '../../../pool/state-label.tsx';
import { useFullPool } from '../../../pool/use-pool.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyAs } from '../../../ui/copy-as.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { QueryProblem } from '../../../ui/query-problem.tsx';
import type { YamlProblem } from '../../../yaml/document.ts';
import { DiffView } from '../../../yaml/diff-view.tsx';
import { Editor } from '../../../yaml/editor.tsx';
import { ProblemList } from '../../../yaml/problem-list.tsx';
import { ConflictSection } from './conflict-section.tsx';
import { PlanSection } from './plan-section.tsx';
import { useUpdatePlan } from './use-update-plan.ts';
import { useYamlEdit, type YamlEdit } from './use-yaml-edit.ts';

export const YamlTab = ({ pool }: { readonly pool: PoolResponse }) => {
  const query = useFullPool(pool.name);
  if (query.data?.template === undefined) return <QueryProblem what="The pool" query={query} />;
  return <YamlEditor key={pool.uid} stored={query.data} />;
};

const YamlEditor = ({ stored }: { readonly stored: PoolResponse }) => {
  const edit = useYamlEdit(stored);
  const plan = useUpdatePlan(edit);
  const view = useRef<EditorView>(null);
  const problems = useMemo(() => [...edit.checked.problems, ...plan.problems], [edit.checked.problems, plan.problems]);
  const show = ({ from }: YamlProblem) => {
    view.current?.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    view.current?.focus();
  };
  return (
    <div className="yaml">
      <div className="yaml-main">
        <EditorBar edit={edit} problems={problems.length} />
        <Editor
          label={`YAML of ${stored.name}`}
          text={edit.text}
          base={edit.baseText}
          problems={problems}
          isReadOnly={edit.isApplying}
          onChange={edit.setText}
          onReady={(editor) => {
            view.current = editor;
          }}
        />
      </div>
      <aside className="yaml-side" aria-label="About this edit">
        {edit.error !== undefined && !edit.isOutdated && (
          <ErrorNotice title="The pool was not changed." error={edit.error} />
        )}
        {edit.conflict && edit.isChanged && <ConflictSection edit={edit} conflict={edit.conflict} />}
        {problems.length > 0 && <ProblemList problems={problems} onShow={show} />}
        <section>
          <h2>
            Changes <span className="n">{edit.changes.length}</span>
          </h2>
          {edit.changes.length === 0 ? (
            <p className="t3">{edit.isChanged ? 'Only the layout has changed.' : 'No changes yet.'}</p>
          ) : (
            <DiffView changes={edit.changes} />
          )}
        </section>
        {edit.isChanged && <PlanSection plan={plan} />}
      </aside>
    </div>
  );
};

const EditorBar = ({ edit, problems }: { readonly edit: YamlEdit; readonly problems: number }) => {
  const isStale = useIsStale();
  const { base, checked, changes, isChanged, isApplying, isBehind, conflict } = edit;
  const mayApply = checked.request !== undefined && problems === 0 && changes.length > 0 && conflict === undefined;
  const body = checked.request ?? {};
  return (
    <div className="editor-bar">
      {problems === 0 ? (
        <StateLabel icon="ready" word="No problems" tone="ok" />
      ) : (
        <StateLabel icon="degraded" word={problems === 1 ? '1 problem' : `${problems} problems`} tone="bad" />
      )}
      <span className="t3">based on generation {base.generation}</span>
      <span className="grow" />
      <Button
        kind="quiet"
        small
        disabled={!isChanged || isApplying}
        onClick={() => {
          edit.load(base);
        }}
      >
        Discard
      </Button>
      <CopyAs
        small
        call={{
          method: 'PUT',
          path: `v1/pools/${base.name}`,
          headers: { 'If-Match': base.etag },
          body,
          procedure: 'pools.update',
          input: { ...body, name: base.name, ifMatch: base.etag },
        }}
      />
      <Button kind="primary" small disabled={!mayApply || isBehind || isStale} onClick={() => void edit.apply()}>
        Apply
      </Button>
    </div>
  );
};
