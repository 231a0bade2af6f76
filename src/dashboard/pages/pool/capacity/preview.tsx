// What the scaling rule would do if the changed capacity were applied.
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { CapacityBar } from '../../../pool/capacity-bar.tsx';
import { Sentence } from '../../../pool/sentence.tsx';
import { useMembers } from '../../../pool/use-members.ts';
import { usePlan } from '../../../pool/use-plan.ts';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { formatClock } from '../../../ui/format.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { capacityAfter } from './capacity-after.ts';
import { describeChanges, isSameCapacity, type Draft } from './capacity-draft.ts';

type PreviewProps = { readonly pool: PoolResponse; readonly draft: Draft };

const DEBOUNCE_MS = 200;

export const Preview = ({ pool, draft }: PreviewProps) => {
  const [patch] = useDebouncedValue(useLastValid(draft.patch), DEBOUNCE_MS);
  const change = patch === undefined ? {} : { capacitySpec: patch };
  const { data, error, dataUpdatedAt } = usePlan(pool.name, change, { enabled: patch !== undefined });
  const members = useMembers(pool).data?.items;
  const isCurrent = draft.spec !== undefined && data !== undefined && isSameCapacity(data.capacitySpec, draft.spec);
  return (
    <div className="preview" aria-live="polite">
      <div className="preview-head">
        <b>If applied</b>
        <span className="t3">
          {draft.patch ? describeChanges(pool.capacitySpec, draft.patch) : 'not valid yet'}
          {isCurrent ? ' · dry run' : data && ` · as of ${formatClock(dataUpdatedAt)}`}
        </span>
      </div>
      {error && draft.patch && <ErrorNotice title="The dry run failed." error={error} />}
      {data?.plan ? (
        <div data-stale={isCurrent ? undefined : ''}>
          <CapacityBar capacity={capacityAfter(data, data.plan, members)} height={24} />
          <p>
            <Sentence text={data.plan.sentence} />
          </p>
        </div>
      ) : (
        !error && <Skeleton width="100%" height={24} />
      )}
    </div>
  );
};

/** While what is typed breaks a rule, the plan of the last valid change stays. */
const useLastValid = (patch: Draft['patch']): Draft['patch'] => {
  const [last, setLast] = useState(patch);
  if (patch !== undefined && patch !== last) setLast(patch);
  return patch ?? last;
};
