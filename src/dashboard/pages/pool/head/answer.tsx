// The sentence of this moment, and what to do about it.
import { AdviceAction } from '../../../pool/advice-action.tsx';
import { Sentence } from '../../../pool/sentence.tsx';
import { whatToDo, type Situation } from '../../../pool/what-to-do.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';

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
            <AdviceAction key={link.kind} link={link} pool={situation.pool.name} className="link" />
          ))}
        </p>
      )}
    </div>
  );
};
