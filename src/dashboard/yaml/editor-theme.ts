// The editor in the tokens of styles/tokens.css, so that it follows the theme.
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const highlightStyle = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--code-comment)' },
]);

export const editorTheme = EditorView.theme({
  '&': { fontSize: '12px', backgroundColor: 'var(--sunken)', color: 'var(--text-1)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px' },
  '.cm-content': { caretColor: 'var(--text-1)', padding: '8px 0' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--text-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: 'calc(var(--gutter) + 20px)', padding: '0' },
  '.cm-line': { padding: '0 var(--space-3) 0 var(--space-1)' },
  '.cm-activeLine': { backgroundColor: 'var(--hover)' },
  '.cm-changed-line': { boxShadow: 'inset 3px 0 0 var(--accent)' },
  '.cm-gutter-lint .cm-gutterElement': { display: 'flex', alignItems: 'center' },
  '.cm-lint-marker.cm-lint-marker-error': {
    content: '""',
    width: '8px',
    height: '8px',
    borderRadius: '50%',
    backgroundColor: 'var(--bad-text)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--text-1)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--accent-tint)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--overlay)', color: 'var(--text-1)', border: '1px solid var(--line-strong)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad-text)' },
});
