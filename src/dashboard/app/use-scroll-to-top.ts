// Another page begins at its top; another tab of the same pool stays where it is.
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { poolPathIn } from '../pool/pool-paths.ts';

export const useScrollToTop = (): void => {
  const [location] = useLocation();
  const page = poolPathIn(location) ?? 'overview';
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [page]);
};
