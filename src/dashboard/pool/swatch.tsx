// The sign of each kind of member, as in the capacity bar: beside numbers and in legends.
export type SwatchKind = 'allocated' | 'available' | 'starting' | 'failed' | 'terminating' | 'buffer' | 'poolMax';

const SIGNS: Readonly<Record<SwatchKind, React.JSX.Element>> = {
  allocated: <rect className="b-allocated" width="8" height="8" />,
  available: <rect className="b-available" width="8" height="8" />,
  starting: <rect className="b-hatch" width="8" height="8" />,
  failed: (
    <>
      <rect className="b-failed" width="8" height="8" />
      <path className="b-failed-sign" d="M1.5 1.5l5 5m0-5l-5 5" />
    </>
  ),
  terminating: <rect className="b-terminating" x=".5" y=".5" width="7" height="7" />,
  buffer: (
    <>
      <rect className="b-band" width="12" height="10" y="-1" />
      <path className="b-edge" d="M.5 -1V9M11.5 -1V9M0 8.5H12" />
    </>
  ),
  poolMax: <rect className="b-limit" x="1" y="-1" width="2" height="10" />,
};

const WIDTHS: Partial<Record<SwatchKind, number>> = { buffer: 12, poolMax: 4 };

export const Swatch = ({ kind }: { readonly kind: SwatchKind }) => {
  const width = WIDTHS[kind] ?? 8;
  return (
    <svg className="swatch" width={width} height="8" viewBox={`0 0 ${width} 8`} aria-hidden="true">
      {SIGNS[kind]}
    </svg>
  );
};
