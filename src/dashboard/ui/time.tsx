// Times, relative or exact; the other form is the title.
import { formatAge, formatClock, formatDate, formatDuration } from './format.ts';
import { useNow } from './use-now.ts';

type TimeProps = { readonly at: string };

const exact = (at: string): string => new Date(at).toString();

/** `12:03:41` */
export const ClockTime = ({ at }: TimeProps) => (
  <time dateTime={at} title={exact(at)}>
    {formatClock(Date.parse(at))}
  </time>
);

/** `2026-11-03 09:12` */
export const DateTime = ({ at }: TimeProps) => (
  <time dateTime={at} title={exact(at)}>
    {formatDate(Date.parse(at))}
  </time>
);

/** The clock time of today; before that, date and time. */
export const ShortTime = ({ at }: TimeProps) =>
  new Date(at).toDateString() === new Date().toDateString() ? <ClockTime at={at} /> : <DateTime at={at} />;

/** `9 min`; `detailed`: `8 min 53 s`. */
export const Age = ({ at, detailed = false }: TimeProps & { readonly detailed?: boolean }) => {
  const ageMs = useNow() - Date.parse(at);
  return (
    <time dateTime={at} title={exact(at)}>
      {detailed ? formatDuration(ageMs) : formatAge(ageMs)}
    </time>
  );
};
