// The YAML editor: CodeMirror, with problems at their place and a mark beside every changed line.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { STYLE_NONCE } from '../ui/style-nonce.ts';
import type { YamlProblem } from './document.ts';
import { changedLines, setBase } from './changed-lines.ts';
import { editorTheme, highlightStyle } from './editor-theme.ts';

type EditorProps = {
  readonly label: string;
  readonly text: string;
  /** What changed lines are compared with; undefined: nothing is marked. */
  readonly base?: string;
  /** The same array while the problems are the same: a new one closes the message that is open. */
  readonly problems: readonly YamlProblem[];
  /** Nothing can be typed. Default false. */
  readonly isReadOnly?: boolean;
  readonly onChange: (text: string) => void;
  /** Called once, so that others can move the cursor to a problem. */
  readonly onReady?: (view: EditorView) => void;
};

const readOnly = new Compartment();

export const Editor = ({ label, text, base, problems, isReadOnly = false, onChange, onReady }: EditorProps) => {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useRef(onChange);
  useEffect(() => {
    changed.current = onChange;
  });

  useEffect(() => {
    if (host.current === null) return undefined;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          lintGutter(),
          changedLines,
          readOnly.of([]),
          yaml(),
          syntaxHighlighting(highlightStyle),
          // Tab leaves the editor: nobody is caught in it. Indent with Ctrl ].
          keymap.of([...defaultKeymap, ...historyKeymap]),
          editorTheme,
          EditorView.cspNonce.of(STYLE_NONCE),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    onReady?.(editor);
    return () => {
      editor.destroy();
    };
    // The text is the editor's own from here on; the next effect brings what others put in its place.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the editor is created once
  }, []);

  useEffect(() => {
    const { state } = view.current ?? {};
    if (state === undefined || state.doc.toString() === text) return;
    view.current?.dispatch({ changes: { from: 0, to: state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    view.current?.dispatch({ effects: setBase.of(base) });
  }, [base]);

  useEffect(() => {
    view.current?.dispatch({ effects: readOnly.reconfigure(EditorState.readOnly.of(isReadOnly)) });
  }, [isReadOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const end = editor.state.doc.length;
    const diagnostics = problems.map(({ from, to, message }) => ({
      from: Math.min(from, end),
      to: Math.min(Math.max(to, from), end),
      message,
      severity: 'error' as const,
    }));
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [problems]);

  return <div ref={host} className="editor" />;
};
