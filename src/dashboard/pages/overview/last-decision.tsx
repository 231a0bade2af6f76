// The last decision of a pool, its age first.
import type { LastDecision as Decision } from '../../../contract/summary.ts';
import { Sentence } from '../../pool/sentence.tsx';
import { Age } from '../../ui/time.tsx';
import { splitSentence } from './row-text.ts';

export const LastDecision = ({ at, sentence }: Decision) => {
  const { size, rest } = splitSentence(sentence);
  return (
    <span className="clamp" title={sentence}>
      <span className="when">
        <Age at={at} /> ago
      </span>{' '}
      {size !== '' && (
        <span className="size">
          <Sentence text={size} />
        </span>
      )}
      <Sentence text={rest} />
    </span>
  );
};
