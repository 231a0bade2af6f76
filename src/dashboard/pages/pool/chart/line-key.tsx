import { Swatch } from '../../../pool/swatch.tsx';

export type LineName = 'desired' | 'allocated' | 'available' | 'starting';

/** The stroke of a line of the chart. */
export const LineKey = ({ name }: { readonly name: LineName }) =>
  name === 'starting' ? (
    <Swatch kind="starting" />
  ) : (
    <svg className="key" width="14" height="8" aria-hidden="true">
      <path className={`c-${name}`} d="M0 4H14" />
    </svg>
  );
