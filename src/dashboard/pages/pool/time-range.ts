// The time range of the chart: a choice of five, in the URL as `?range=`.
import { useSearchParams } from 'wouter';

/** In minutes. */
export const RANGES = [
  { minutes: 15, word: '15 min' },
  { minutes: 30, word: '30 min' },
  { minutes: 60, word: '1 h' },
  { minutes: 360, word: '6 h' },
  { minutes: 1_440, word: '24 h' },
] as const;

const DEFAULT_MINUTES = 30;

/** Minutes; the default if the URL has none of the choices. */
export const parseRange = (text: string | null): number =>
  RANGES.find(({ minutes }) => String(minutes) === text)?.minutes ?? DEFAULT_MINUTES;

/** Minutes, and what chooses others. The default is not in the URL. */
export const useTimeRange = (): readonly [number, (minutes: number) => void] => {
  const [params, setParams] = useSearchParams();
  const choose = (minutes: number): void => {
    setParams(
      (previous) => {
        const next = new URLSearchParams(previous);
        if (minutes === DEFAULT_MINUTES) next.delete('range');
        else next.set('range', String(minutes));
        return next;
      },
      { replace: true },
    );
  };
  return [parseRange(params.get('range')), choose];
};
