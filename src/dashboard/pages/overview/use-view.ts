// The view in the URL. Changing it leaves no trail in the browser's history: Back leaves the page.
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { formatView, parseView, type View } from './view.ts';

export const useView = () => {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  const view = useMemo(() => parseView(new URLSearchParams(search)), [search]);
  const change = useCallback(
    (part: Partial<View>) => {
      setParams((current) => formatView({ ...parseView(current), ...part }), { replace: true });
    },
    [setParams],
  );
  return [view, change] as const;
};
