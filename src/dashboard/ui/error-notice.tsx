// What failed, why, how to find it in the server's log, and what to do.
import type { ReactNode } from 'react';
import { WarmpoolClientError } from '../../client/index.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';

type ErrorNoticeProps = {
  /** What did not work: `The pool was not saved.` */
  readonly title: string;
  readonly error: unknown;
  readonly retry?: (() => void) | undefined;
  /** A next step that fits better than trying again. */
  readonly children?: ReactNode;
};

export const ErrorNotice = ({ title, error, retry, children }: ErrorNoticeProps) => {
  const known = error instanceof WarmpoolClientError ? error : undefined;
  return (
    <div className="notice bad" role="alert">
      <p className="state bad">
        <Icon name="degraded" />
        {title}
      </p>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {known !== undefined && known.violations.length > 0 && (
        <ul>
          {known.violations.map(({ path, message }) => (
            <li key={`${path.join('.')} ${message}`}>
              <span className="mono">{path.join('.')}</span> {message}
            </li>
          ))}
        </ul>
      )}
      <p className="notice-facts">
        {known && <span className="mono">{known.code}</span>}
        {known?.requestId !== undefined && (
          <>
            <span>
              request <span className="mono">{known.requestId}</span>
            </span>
            <CopyButton text={known.requestId} label="Copy request id" />
          </>
        )}
        {children}
        {retry && (
          <Button small icon="retry" onClick={retry}>
            Try again
          </Button>
        )}
      </p>
    </div>
  );
};
