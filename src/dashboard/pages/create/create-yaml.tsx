// The same pool as YAML.
import type { EditorView } from '@codemirror/view';
import { useRef } from 'react';
import { Editor } from '../../yaml/editor.tsx';
import { ProblemList } from '../../yaml/problem-list.tsx';
import type { CreatePoolState } from './use-create-pool.ts';

export const CreateYaml = ({ state: { text, setText, problems } }: { readonly state: CreatePoolState }) => {
  const view = useRef<EditorView>(null);
  return (
    <div className="create-yaml">
      <Editor
        label="YAML of the new pool"
        text={text}
        problems={problems}
        onChange={setText}
        onReady={(editor) => {
          view.current = editor;
        }}
      />
      {problems.length > 0 && (
        <ProblemList
          problems={problems}
          onShow={({ from }) => {
            view.current?.dispatch({ selection: { anchor: from }, scrollIntoView: true });
            view.current?.focus();
          }}
        />
      )}
    </div>
  );
};
