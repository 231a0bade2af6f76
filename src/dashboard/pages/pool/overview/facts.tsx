// What the pool is: from its specification, its members and its decisions.
import type { ReactNode } from 'react';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { useMembers } from '../../../pool/use-members.ts';
import { useFullPool } from '../../../pool/use-pool.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatCount, formatSeconds } from '../../../ui/format.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Age, DateTime } from '../../../ui/time.tsx';
import { restartsMembers, startTimesOf } from '../start-times.ts';
import { useDecisions } from '../use-decisions.ts';
import { describeStrategies, generationSince, imagesOf } from './pool-facts.ts';

export const Facts = ({ pool }: { readonly pool: PoolResponse }) => {
  const { name, status, generation, createdAt, uid, labels = {} } = pool;
  const since = generationSince(useDecisions(pool).data?.items ?? [], generation);
  const names = Object.entries(labels);
  return (
    <dl className="facts">
      <Images name={name} />
      {status && status.revision !== '' && (
        <Fact word="Revision">
          <span className="mono">{status.revision}</span>
          {status.updated !== undefined && `, ${formatCount(status.updated)} of ${formatCount(status.total)} updated`}
        </Fact>
      )}
      <Fact word="Generation">
        {generation}
        {since !== undefined && (
          <>
            , changed <Age at={since} /> ago
          </>
        )}
      </Fact>
      {createdAt !== undefined && (
        <Fact word="Created">
          <DateTime at={createdAt} />
        </Fact>
      )}
      <StartTime pool={pool} />
      <Fact word="Strategies">{describeStrategies(pool)}</Fact>
      <Fact word="Labels">
        {names.length === 0 && <span className="t3">none</span>}
        <span className="fact-tags">
          {names.map(([key, value]) => (
            <span key={key} className="tag">
              {key}={value}
            </span>
          ))}
        </span>
      </Fact>
      <Fact word="UID">
        <span className="fact-uid">
          <span className="mono">{uid}</span>
          <CopyButton text={uid} label="Copy the UID" />
        </span>
      </Fact>
    </dl>
  );
};

const Fact = ({ word, children }: { readonly word: string; readonly children: ReactNode }) => (
  <div>
    <dt>{word}</dt>
    <dd>{children}</dd>
  </div>
);

const Images = ({ name }: { readonly name: string }) => {
  const { data, isError } = useFullPool(name);
  const images = imagesOf(data?.template);
  return (
    <Fact word={images.length > 1 ? 'Images' : 'Image'}>
      {!data && !isError && <Skeleton width={200} />}
      {images.map((image, index) => (
        <div key={index} className="mono">
          {image}
        </div>
      ))}
      {images.length === 0 && (data ?? isError) && <span className="t3">not readable</span>}
    </Fact>
  );
};

const StartTime = ({ pool }: { readonly pool: PoolResponse }) => {
  const members = useMembers(pool).data?.items;
  const times = members && startTimesOf(pool, members);
  return (
    <Fact word="Start time">
      {members === undefined && <Skeleton width={120} />}
      {members && !times && (
        <span className="t3">
          {restartsMembers(pool) ? 'unknown: members are restarted in place' : 'no member has been ready yet'}
        </span>
      )}
      {times && `${formatSeconds(times.medianMs)} median, ${formatSeconds(times.p95Ms)} p95`}
    </Fact>
  );
};
