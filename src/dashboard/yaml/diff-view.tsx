// Changes of a resource, grouped by what they are in.
import { stringify } from 'yaml';
import { formatPath, type Change } from './changes.ts';

const textOf = (key: PropertyKey | undefined, value: unknown): string =>
  stringify(typeof key === 'string' ? { [key]: value } : value, { lineWidth: 0 }).trimEnd();

export const DiffView = ({ changes }: { readonly changes: readonly Change[] }) => (
  <div className="diff">
    {[...Map.groupBy(changes, ({ path }) => formatPath(path.slice(0, -1)))].map(([at, group]) => (
      <div key={at} className="diff-group">
        {at !== '' && <div className="at">{at}</div>}
        {group.map(({ path, before, after }) => {
          const key = path.at(-1);
          return (
            <div key={formatPath(path)} className="diff-change">
              {before !== undefined && <Lines kind="del" word="Removed" text={textOf(key, before)} />}
              {after !== undefined && <Lines kind="add" word="Added" text={textOf(key, after)} />}
            </div>
          );
        })}
      </div>
    ))}
  </div>
);

type LinesProps = { readonly kind: 'del' | 'add'; readonly word: string; readonly text: string };

const Lines = ({ kind, word, text }: LinesProps) => (
  <div className={kind}>
    <span className="sr">{word}: </span>
    {text}
  </div>
);
