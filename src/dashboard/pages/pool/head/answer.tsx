// The sentence of this moment, and what to do about it.
import { Link, useLocation } from 'wouter';
import { Sentence } from '../../../pool/sentence.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { proposeCapacity } from '../capacity/proposal.ts';
import { poolPath } from '../../../pool/pool-paths.ts';
import { whatToDo, type AdviceLink, type Situation } from './what-to-do.ts';

type AnswerProps = { readonly sentence: string | undefined; readonly situation: Situation };

export const Answer = ({ sentence, situation }: AnswerProps) => {
  const advice = sentence === undefined ? undefined : whatToDo(situation);
  return (
    <div>
      <p className="sentence">
        {sentence === undefined ? <Skeleton width="84%" height={14} /> : <Sentence text={sentence} />}
      </p>
      {advice && (
        <p className="next">
          <span>
            <b>What to do:</b> {advice.text}
          </span>
          {advice.links.map((link) => (
            <AdviceLinkView key={link.kind} link={link} name={situation.pool.name} />
          ))}
        </p>
      )}
    </div>
  );
};

const AdviceLinkView = ({ link, name }: { readonly link: AdviceLink; readonly name: string }) => {
  const [, navigate] = useLocation();
  if (link.kind === 'raisePoolMax')
    return (
      <button
        type="button"
        className="link"
        onClick={() => {
          proposeCapacity({ name, bound: 'poolMax', value: link.to });
          navigate(poolPath(name));
        }}
      >
        {link.word}
      </button>
    );
  const paths = {
    oldestClaims: poolPath(name, 'claims'),
    editTemplate: poolPath(name, 'yaml'),
    members: poolPath(name, 'members'),
  };
  return (
    <Link href={paths[link.kind]} className="link">
      {link.word}
    </Link>
  );
};
