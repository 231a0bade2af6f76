// Somebody else has changed the capacity while it was edited here: theirs, mine, and a choice.
import type { CapacitySpec } from '../../../../contract/capacity-spec.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { BOUNDS, type Edits } from '../../../pool/capacity-draft.ts';

type OvertakenProps = {
  /** What was stored when the editing began. */
  readonly base: CapacitySpec;
  readonly stored: CapacitySpec;
  readonly edits: Edits;
  readonly canReapply: boolean;
  readonly onReapply: () => void;
  readonly onDiscard: () => void;
};

export const Overtaken = ({ base, stored, edits, canReapply, onReapply, onDiscard }: OvertakenProps) => (
  <div className="notice warn" role="status">
    <p className="state warn">
      <Icon name="low" />
      The stored capacity has changed meanwhile
    </p>
    <table className="versions">
      <thead>
        <tr>
          <th scope="col">Bound</th>
          <th scope="col" className="num">
            Before
          </th>
          <th scope="col" className="num">
            Theirs
          </th>
          <th scope="col" className="num">
            Mine
          </th>
        </tr>
      </thead>
      <tbody>
        {BOUNDS.filter((bound) => edits[bound] !== undefined || base[bound] !== stored[bound]).map((bound) => (
          <tr key={bound}>
            <th scope="row">{bound}</th>
            <td className="num t3">{base[bound]}</td>
            <td className="num">{stored[bound]}</td>
            <td className="num">{edits[bound] ?? stored[bound]}</td>
          </tr>
        ))}
      </tbody>
    </table>
    <p className="notice-facts">
      <Button kind="primary" small disabled={!canReapply} onClick={onReapply}>
        Reapply mine
      </Button>
      <Button small kind="quiet" onClick={onDiscard}>
        Discard mine
      </Button>
    </p>
  </div>
);
