// Marks the lines of the editor that differ from a base text.
import { Chunk } from '@codemirror/merge';
import { RangeSetBuilder, StateEffect, StateField, Text, type EditorState } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

/** Sets the base; undefined: nothing is marked. */
export const setBase = StateEffect.define<string | undefined>();

const mark = Decoration.line({ class: 'cm-changed-line' });

const decorate = ({ doc }: EditorState, base: Text | undefined): DecorationSet => {
  const marks = new RangeSetBuilder<Decoration>();
  if (base === undefined) return marks.finish();
  for (const { fromB, toB } of Chunk.build(base, doc)) {
    for (let at = fromB; at < Math.min(toB, doc.length + 1);) {
      const line = doc.lineAt(at);
      marks.add(line.from, line.from, mark);
      at = line.to + 1;
    }
  }
  return marks.finish();
};

type Marked = { readonly base: Text | undefined; readonly marks: DecorationSet };

export const changedLines = StateField.define<Marked>({
  create: () => ({ base: undefined, marks: Decoration.none }),
  update: (present, { effects, docChanged, state }) => {
    const set = effects.find((effect) => effect.is(setBase));
    if (set === undefined && !docChanged) return present;
    const base =
      set === undefined ? present.base : set.value === undefined ? undefined : Text.of(set.value.split('\n'));
    return { base, marks: decorate(state, base) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ marks }) => marks),
});
