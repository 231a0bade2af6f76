// A call as curl and as code of the typed client, with a button that copies it.
import { useState } from 'react';
import { session } from '../api/session.ts';
import { toClientCode, toCurl, type Call } from '../api/snippets.ts';
import { useStore } from '../api/store.ts';
import { SERVER_ROOT } from '../api/urls.ts';
import { CodeBlock } from './code-block.tsx';

const LANGUAGES = [
  ['curl', toCurl],
  ['TypeScript', toClientCode],
] as const;

export const Snippet = ({ call }: { readonly call: Call }) => {
  const [chosen, choose] = useState(0);
  const [, toText] = LANGUAGES[chosen] ?? LANGUAGES[0];
  const isOpen = useStore(session, (known) => known?.access === 'open');
  const text = toText(call, { root: SERVER_ROOT.href, isOpen });
  return (
    <CodeBlock text={text}>
      <div className="choice small" role="group" aria-label="Language">
        {LANGUAGES.map(([name], index) => (
          <button
            key={name}
            type="button"
            aria-pressed={index === chosen}
            onClick={() => {
              choose(index);
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </CodeBlock>
  );
};
