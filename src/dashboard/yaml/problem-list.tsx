// Problems by line and column; pressing one puts the cursor there.
import { Icon } from '../ui/icon.tsx';
import { formatPath } from './changes.ts';
import type { YamlProblem } from './document.ts';

type ProblemListProps = {
  readonly problems: readonly YamlProblem[];
  readonly onShow: (problem: YamlProblem) => void;
};

export const ProblemList = ({ problems, onShow }: ProblemListProps) => (
  <section>
    <h2>
      Problems <span className="n">{problems.length}</span>
    </h2>
    <ul className="problems" aria-live="polite">
      {problems.map((problem) => {
        const { line, column, path, message } = problem;
        return (
          <li key={`${formatPath(path)} ${line}:${column} ${message}`}>
            <span className="state bad">
              <Icon name="degraded" />
            </span>
            <button
              type="button"
              className="link mono"
              onClick={() => {
                onShow(problem);
              }}
            >
              {line}:{column}
            </button>
            <span>
              {path.length > 0 && <span className="mono">{formatPath(path)} </span>}
              {message}
            </span>
          </li>
        );
      })}
    </ul>
  </section>
);
