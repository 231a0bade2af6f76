// Both sides of a conflict, and the way out: the same changes on what is stored now.
import { Button } from '../../../ui/button.tsx';
import { StateLabel } from '../../../pool/state-label.tsx';
import { formatPath } from '../../../yaml/changes.ts';
import { DiffView } from '../../../yaml/diff-view.tsx';
import type { Conflict, YamlEdit } from './use-yaml-edit.ts';

type ConflictSectionProps = { readonly edit: YamlEdit; readonly conflict: Conflict };

export const ConflictSection = ({ edit, conflict: { stored, theirs, overlapping } }: ConflictSectionProps) => (
  <>
    <section className="conflict" role="alert">
      <h2>
        <StateLabel
          icon="low"
          tone="warn"
          word={edit.isOutdated ? 'Not applied: the pool has changed' : 'The pool has changed'}
        />
      </h2>
      <p>
        Generation {stored.generation} was stored after you opened generation {edit.base.generation}.{' '}
        {overlapping.length === 0
          ? 'Your changes and the other ones do not overlap.'
          : `Both changed ${overlapping.map(({ path }) => formatPath(path)).join(', ')}: reapplying replaces all that was stored there with what you have.`}
      </p>
      <div className="row">
        <Button kind="primary" small disabled={edit.checked.text.value === undefined} onClick={edit.reapply}>
          Reapply on generation {stored.generation}
        </Button>
        <Button
          small
          onClick={() => {
            edit.load(stored);
          }}
        >
          Discard mine, load {stored.generation}
        </Button>
      </div>
    </section>
    <section>
      <h2>
        Stored <span className="n">generation {stored.generation}</span>
      </h2>
      <DiffView changes={theirs} />
    </section>
  </>
);
