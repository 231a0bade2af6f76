// A pool that needs attention. On narrow screens it is one line until it is opened.
import { useInViewport } from '@mantine/hooks';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import type { PoolResponse } from '../../../contract/pool.ts';
import { AdviceAction } from '../../pool/advice-action.tsx';
import { poolPath } from '../../pool/pool-paths.ts';
import { conditionOf, conditionSentence, poolState } from '../../pool/pool-state.ts';
import { Sentence } from '../../pool/sentence.tsx';
import { StateLabel } from '../../pool/state-label.tsx';
import { usePlan } from '../../pool/use-plan.ts';
import { useLivePool } from '../../pool/use-pool.ts';
import { firstAction } from '../../pool/what-to-do.ts';
import { IconButton } from '../../ui/button.tsx';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';
import { useNow } from '../../ui/use-now.ts';
import { nextTryMs } from './attention.ts';
import type { SummaryOf } from './select-pools.ts';
import { StateSince } from './state-since.tsx';

type AttentionRowProps = {
  readonly name: string;
  readonly summaryOf: SummaryOf;
  /** There is no other one: it is open. */
  readonly isOnly: boolean;
};

export const AttentionRow = ({ name, ...rest }: AttentionRowProps) => {
  const pool = useLivePool(name);
  return pool ? <Row pool={pool} {...rest} /> : null;
};

type RowProps = Omit<AttentionRowProps, 'name'> & { readonly pool: PoolResponse };

const Row = ({ pool, summaryOf, isOnly }: RowProps) => {
  const { name } = pool;
  const isNarrow = useIsNarrow();
  const [opened, setOpened] = useState<boolean>();
  const { ref, inViewport } = useInViewport<HTMLLIElement>();
  const whyId = useId();
  const isOpen = !isNarrow || (opened ?? isOnly);
  const state = poolState(pool);
  const { sentence, plan } = useAnswer(pool, isOpen && inViewport);
  const action = firstAction(pool, plan);
  return (
    <li ref={ref} className={isOpen ? `${state.tone} is-open` : state.tone}>
      <div className="what">
        <StateLabel icon={state.icon} word={state.word} tone={state.tone} />
        <StateSince pool={pool} />
      </div>
      <div className="which">
        <Link href={poolPath(name)} className="name" title={name}>
          {name}
        </Link>
        <Fact pool={pool} waiting={summaryOf(pool)?.unmet ?? 0} />
      </div>
      <p className="why" id={whyId}>
        {isOpen && (sentence === undefined ? <Skeleton width={320} /> : <Sentence text={sentence} />)}
      </p>
      {action && <AdviceAction link={action} pool={name} className="btn small" label={`${action.word} of ${name}`} />}
      {isNarrow && (
        <IconButton
          icon={isOpen ? 'up' : 'down'}
          className="opener"
          label={isOpen ? `Hide why ${name} needs attention` : `Show why ${name} needs attention`}
          aria-expanded={isOpen}
          aria-controls={whyId}
          onClick={() => {
            setOpened(!isOpen);
          }}
        />
      )}
    </li>
  );
};

/** The number that matters most: claims that wait, when starts are tried again, what is left of the buffer. */
const Fact = ({ pool, waiting }: { readonly pool: PoolResponse; readonly waiting: number }) => {
  const at = nextTryMs(pool);
  const available = pool.status?.available;
  if (waiting > 0)
    return (
      <div className="under">
        {formatCount(waiting)} {waiting === 1 ? 'claim' : 'claims'} waiting
      </div>
    );
  if (at !== undefined) return <NextTry at={at} />;
  if (available === undefined) return null;
  return (
    <div className="under">
      {formatCount(available)} of {formatCount(pool.capacitySpec.bufferMin)} available
    </div>
  );
};

const NextTry = ({ at }: { readonly at: number }) => {
  const leftMs = at - useNow();
  return (
    <div className="under">
      {leftMs > 0 ? 'next try in ' : 'trying again'}
      {leftMs > 0 && <time>{formatDuration(leftMs)}</time>}
    </div>
  );
};

/** Why, as of now: the message of a condition, otherwise the plan of this moment. */
const useAnswer = (pool: PoolResponse, isSeen: boolean) => {
  const known = conditionSentence(pool);
  const { data, isError } = usePlan(pool.name, {}, { enabled: known === undefined && isSeen });
  const plan = data?.plan;
  const sentence = known ?? plan?.sentence ?? (isError ? conditionOf(pool, 'Ready')?.message : undefined);
  return { sentence, plan };
};
